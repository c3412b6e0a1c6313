import { parseFigureSpec, type EpochChoice, type FigureSpec } from '../../core/figures/spec.ts';
import type { VenueName } from '../../core/figures/style.ts';
import type { FigureSource } from '../../core/figures/source.ts';
import {
  chooseGiven,
  chooseOdd,
  chooseShared,
  describeEpoch,
  describeEpochs,
  type PaperExample,
  type WantedClass,
} from './paperExamples.ts';
import {
  findPair,
  requireEarlyEpoch,
  requireOtherDataset,
  type PaperPair,
  type Paradigm,
} from './paperRuns.ts';

export interface PaperOptions {
  /** One run under C, one under R. */
  runs: readonly string[];
  /** The same on a second data set, for figures 5 and 6; null: they are left out. */
  fashionRuns: readonly string[] | null;
  /** The image of figures 1 to 4; null: chosen by a rule. */
  example: number | null;
  /** What counts as late in training. */
  epoch: EpochChoice;
  venue: VenueName;
  /** Whether both paradigms share a figure where the paper has one for each. */
  sideBySide: boolean;
}

/** A figure of the paper before it is drawn. */
export interface PlannedFigure {
  /** Its number in the paper, or both where it takes the place of two. */
  numbers: number[];
  spec: FigureSpec;
}

/** Where the paper's maps are young. */
const earlyEpoch = 1;

const five: WantedClass = { names: ['5', 'five'], index: 5 };
const four: WantedClass = { names: ['4', 'four'], index: 4 };
const three: WantedClass = { names: ['3', 'three'], index: 3 };
const shoe: WantedClass = { names: ['sneaker', 'shoe'], index: 7 };

type Stage = 'early' | 'late';

/** One image under R and then, as the next figure or beside it, under C. */
function planStage(
  stage: Stage,
  first: number,
  pair: PaperPair,
  { exampleId, className, why }: PaperExample,
  { venue, sideBySide }: PaperOptions,
): PlannedFigure[] {
  const numbers = [first, first + 1];
  const isEarly = stage === 'early';
  const style = { venue };
  const start = `Class ${className} under`;
  if (sideBySide) {
    const when = isEarly ? `at epoch ${earlyEpoch}` : describeEpochs(pair);
    const spec = parseFigureSpec({
      template: 'paradigm-grid',
      runs: [pair.runs.C.id, pair.runs.R.id],
      examples: [exampleId],
      epoch: isEarly ? earlyEpoch : pair.choice,
      note: `${start} both paradigms ${when}. ${why}`,
      style,
    });
    return [{ numbers, spec }];
  }
  return (['R', 'C'] as const).map((paradigm, i) => {
    const when = isEarly ? `at epoch ${earlyEpoch}` : describeEpoch(pair, paradigm);
    const spec = parseFigureSpec({
      template: 'cam-pair',
      run: pair.runs[paradigm].id,
      example: exampleId,
      epoch: isEarly ? earlyEpoch : pair.epochs[paradigm],
      note: `${start} ${paradigm} ${when}. ${why}`,
      style,
    });
    return { numbers: [first + i], spec };
  });
}

function planOdd(
  number: number,
  wanted: WantedClass,
  paradigm: Paradigm,
  pair: PaperPair,
  { venue }: PaperOptions,
  source: FigureSource,
): PlannedFigure {
  const { exampleId, className, why } = chooseOdd(wanted, paradigm, pair, source);
  const spec = parseFigureSpec({
    template: 'cam-pair',
    run: pair.runs[paradigm].id,
    example: exampleId,
    epoch: pair.epochs[paradigm],
    note: `An odd image of class ${className} under ${paradigm}. ${why}`,
    style: { venue },
  });
  return { numbers: [number], spec };
}

function planSecondDataset(
  pair: PaperPair,
  options: PaperOptions,
  source: FigureSource,
): PlannedFigure[] {
  if (options.fashionRuns === null) return [];
  const second = findPair(options.fashionRuns, '--fashion-runs', options.epoch, source);
  requireOtherDataset(pair, second, source);
  const remedy = 'Give --fashion-runs two runs that evaluated more images.';
  const example = chooseShared(shoe, second, source, remedy);
  return planStage('late', 5, second, example, options);
}

/** The paper's figures in their order; errors say what the runs or the data set lack for them. */
export function planFigures(
  pair: PaperPair,
  options: PaperOptions,
  source: FigureSource,
): PlannedFigure[] {
  requireEarlyEpoch(pair, earlyEpoch);
  const remedy = 'Choose an image with --example, or runs that evaluated more images.';
  const example =
    options.example === null
      ? chooseShared(five, pair, source, remedy)
      : chooseGiven(options.example, pair, source);
  return [
    ...planStage('early', 1, pair, example, options),
    ...planStage('late', 3, pair, example, options),
    ...planSecondDataset(pair, options, source),
    planOdd(7, four, 'C', pair, options, source),
    planOdd(8, three, 'R', pair, options, source),
  ];
}
