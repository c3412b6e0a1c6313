import { AfterimageError } from '../../core/errors.ts';
import { formatConfidence } from '../../core/figures/maps/mapCaptions.ts';
import type { EpochChoice } from '../../core/figures/spec.ts';
import type { Example } from '../../core/records.ts';
import type { FigureSource } from '../../core/figures/source.ts';
import type { PaperPair, Paradigm } from './paperRuns.ts';

/** A class that the paper shows: what data sets call it, and its index in the paper's own. */
export interface WantedClass {
  names: string[];
  index: number;
}

/** A test image and why it is the one, in sentences for a caption. */
export interface PaperExample {
  exampleId: number;
  className: string;
  why: string;
}

interface FoundClass {
  label: number;
  name: string;
  /** Said in captions where the data set has no such class. */
  substitution: string;
}

/** The class of one of the names; else the one with its index, or the last where there are fewer. */
function findClass(
  { names, index }: WantedClass,
  pair: PaperPair,
  source: FigureSource,
): FoundClass {
  const { id, config } = pair.runs.C;
  const { classNames } = source.getDataset(id);
  const named = classNames.findIndex((name) => names.includes(name.toLowerCase()));
  const label = named >= 0 ? named : Math.min(index, classNames.length - 1);
  const name = classNames[label] ?? String(label);
  const substitution =
    named >= 0
      ? ''
      : ` ${config.data.dataset} has no class named ${names[0] ?? ''}; number ${label} of its classes, counted from 0, stands for it.`;
  return { label, name, substitution };
}

/** The test images of a class that a run evaluated, in their order. */
const listClass = (
  { runs, epochs }: PaperPair,
  paradigm: Paradigm,
  label: number,
  source: FigureSource,
): Example[] =>
  source.listExamples({
    runId: runs[paradigm].id,
    epoch: epochs[paradigm],
    filters: [],
    label,
    predictedClass: null,
    threshold: runs[paradigm].config.evaluation.lowConfidenceThreshold,
    sort: 'exampleId',
    descending: false,
    limit: null,
  });

const kindOfEpoch = (choice: EpochChoice): string | null =>
  choice === 'best' ? 'best epoch' : choice === 'last' ? 'last epoch' : null;

/** `at its last epoch, 7`; `at epoch 7` where a number was asked for. */
export function describeEpoch({ epochs, choice }: PaperPair, paradigm: Paradigm): string {
  const [kind, epoch] = [kindOfEpoch(choice), epochs[paradigm]];
  if (kind === null) return `at epoch ${epoch}`;
  return `at its ${kind}, ${epoch}${choice === 'best' ? ' (lowest validation loss)' : ''}`;
}

/** `at their best epochs (C: 7, R: 9)` */
export function describeEpochs({ epochs, choice }: PaperPair): string {
  const kind = kindOfEpoch(choice);
  return kind === null
    ? `at epoch ${epochs.C}`
    : `at their ${kind}s (C: ${epochs.C}, R: ${epochs.R})`;
}

const nothingOf = (what: string, { name }: FoundClass, remedy: string): AfterimageError =>
  new AfterimageError('NOT_FOUND', `${what} no test image of class ${name}.`, remedy);

/** The first image of a class that both runs get right, so that only the maps differ. */
export function chooseShared(
  wanted: WantedClass,
  pair: PaperPair,
  source: FigureSource,
  remedy: string,
): PaperExample {
  const found = findClass(wanted, pair, source);
  const underR = new Map(
    listClass(pair, 'R', found.label, source).map((one) => [one.exampleId, one]),
  );
  const both = listClass(pair, 'C', found.label, source).filter((one) => underR.has(one.exampleId));
  const [first] = both;
  if (first === undefined) {
    const { C, R } = pair.runs;
    throw nothingOf(`Runs ${C.name} and ${R.name} have in common`, found, remedy);
  }
  const right = both.find((one) => one.correct && underR.get(one.exampleId)?.correct === true);
  const of = `The image is the first of class ${found.name} among the test images that both runs evaluated`;
  const why =
    right === undefined
      ? `${of}: none of the class is predicted right by both ${describeEpochs(pair)}.`
      : `${of} and predict right ${describeEpochs(pair)}.`;
  const { exampleId } = right ?? first;
  return { exampleId, className: found.name, why: why + found.substitution };
}

/** An image that somebody asked for. */
export function chooseGiven(
  exampleId: number,
  pair: PaperPair,
  source: FigureSource,
): PaperExample {
  const { id } = pair.runs.C;
  const { label } = source.getFrames(id, exampleId, pair.epochs.C, 'label');
  const className = source.getDataset(id).classNames[label] ?? String(label);
  return { exampleId, className, why: 'The image was chosen by hand.' };
}

/** The image of a class that a run believes least to be of it. */
export function chooseOdd(
  wanted: WantedClass,
  paradigm: Paradigm,
  pair: PaperPair,
  source: FigureSource,
): PaperExample {
  const found = findClass(wanted, pair, source);
  const examples = listClass(pair, paradigm, found.label, source);
  const probabilityOf = ({ probabilities }: Example): number => probabilities[found.label] ?? 0;
  // A stable sort: of equals, the first image.
  const [odd] = examples.toSorted((a, b) => probabilityOf(a) - probabilityOf(b));
  if (odd === undefined) {
    const { name } = pair.runs[paradigm];
    throw nothingOf(`Run ${name} evaluated`, found, 'Choose a run that evaluated more images.');
  }
  const probability = probabilityOf(odd);
  const said = probability < 0.005 ? 'less than 0.01' : formatConfidence(probability);
  const why = `Of the ${examples.length} test images of class ${found.name} that the run evaluated, it is the one to whose label ${paradigm} gives the lowest probability, ${said}, ${describeEpoch(pair, paradigm)}.`;
  return { exampleId: odd.exampleId, className: found.name, why: why + found.substitution };
}
