import { reconstructCam } from '../../core/maps/cam.ts';
import { AfterimageError } from '../../core/errors.ts';
import type { ShownImage, ShownMap } from '../../core/figures/maps.ts';
import type { SpecOf } from '../../core/figures/spec.ts';
import type { FigureData } from '../../core/figures/templates.ts';
import type { Run } from '../../core/records.ts';
import { labelRun, requireOneDataset, requireTwoRuns, resolveEpoch } from './figureRuns.ts';
import type { ExampleFrames, FigureSource } from './figureSource.ts';

/** The image as the run's data set holds it. */
async function showImage(source: FigureSource, run: Run, exampleId: number): Promise<ShownImage> {
  const { imageSize, classNames, testCounts } = source.getDataset(run.id);
  const count = testCounts.reduce((a, b) => a + b, 0);
  if (exampleId >= count) {
    throw new AfterimageError(
      'NOT_FOUND',
      `Data set ${run.config.dataset} has no test image ${exampleId}.`,
      `Choose one from 0 to ${count - 1}.`,
    );
  }
  const { label } = source.getFrames(run.id, exampleId, 0, 'label');
  const pixels = await source.loadImage(run.id, exampleId);
  return {
    exampleId,
    label,
    labelName: classNames[label] ?? String(label),
    size: imageSize,
    pixels,
  };
}

function showMap(
  source: FigureSource,
  run: Run,
  { label }: ExampleFrames,
  frame: ExampleFrames['frames'][number],
): ShownMap {
  const { imageSize, classNames } = source.getDataset(run.id);
  const nameOf = (index: number): string => classNames[index] ?? String(index);
  const { camMap, mapSize, targetClass, predictedClass } = frame;
  return {
    ...frame,
    targetName: nameOf(targetClass),
    predictedName: nameOf(predictedClass),
    correct: predictedClass === label,
    inputCorrelation: targetClass === predictedClass ? frame.inputCorrelation : null,
    imageSize,
    cam: reconstructCam(camMap, mapSize, imageSize),
  };
}

type Target = 'predicted' | 'label';

function showOneMap(
  source: FigureSource,
  run: Run,
  exampleId: number,
  epoch: number,
  target: Target,
): ShownMap {
  const example = source.getFrames(run.id, exampleId, epoch, target);
  const [frame] = example.frames;
  if (frame === undefined) throw new Error(`epoch ${epoch} of run ${run.id} has no map`);
  return showMap(source, run, example, frame);
}

const findRun = (source: FigureSource, name: string): Run => source.getRun(source.resolveRun(name));

export async function gatherCamPair(
  spec: SpecOf<'cam-pair'>,
  source: FigureSource,
): Promise<FigureData['cam-pair']> {
  const run = findRun(source, spec.run);
  const epoch = resolveEpoch(run, spec.epoch);
  const image = await showImage(source, run, spec.example);
  const map = showOneMap(source, run, spec.example, epoch, spec.target);
  return { run: labelRun(run), image, map, note: spec.note };
}

export async function gatherCamEvolution(
  spec: SpecOf<'cam-evolution'>,
  source: FigureSource,
): Promise<FigureData['cam-evolution']> {
  const runs = spec.rows.map(({ run }) => findRun(source, run));
  requireOneDataset(runs, source);
  const epochs = listEpochs(spec, runs);
  const rows = spec.rows.map(async ({ example: exampleId }, i) => {
    const run = runs[i];
    if (run === undefined) throw new RangeError('a row without a run');
    const image = await showImage(source, run, exampleId);
    const example = source.getFrames(run.id, exampleId, 'all', spec.target);
    const maps = epochs.map((epoch) => {
      const frame = example.frames.find((one) => one.epoch === epoch);
      return frame === undefined ? null : showMap(source, run, example, frame);
    });
    return { run: labelRun(run), image, maps };
  });
  return { epochs, rows: await Promise.all(rows) };
}

/** The wanted epochs, ascending; one that no run has is NOT_FOUND. */
function listEpochs(spec: SpecOf<'cam-evolution'>, runs: readonly Run[]): number[] {
  const [longest] = runs.toSorted((a, b) => b.epochs.length - a.epochs.length);
  if (longest === undefined) return [];
  const last = resolveEpoch(longest, 'last');
  if (spec.epochs === 'all') return Array.from({ length: last + 1 }, (_, epoch) => epoch);
  return [...new Set(spec.epochs)]
    .sort((a, b) => a - b)
    .map((epoch) => resolveEpoch(longest, epoch));
}

export async function gatherParadigmGrid(
  spec: SpecOf<'paradigm-grid'>,
  source: FigureSource,
): Promise<FigureData['paradigm-grid']> {
  const [first, second] = requireTwoRuns(spec.runs.map((name) => findRun(source, name)));
  requireOneDataset([first, second], source);
  const [firstEpoch, secondEpoch] = [
    resolveEpoch(first, spec.epoch),
    resolveEpoch(second, spec.epoch),
  ];
  const rows = spec.examples.map(async (exampleId) => ({
    image: await showImage(source, first, exampleId),
    first: showOneMap(source, first, exampleId, firstEpoch, spec.target),
    second: showOneMap(source, second, exampleId, secondEpoch, spec.target),
  }));
  return {
    first: labelRun(first),
    second: labelRun(second),
    rows: await Promise.all(rows),
    note: spec.note,
  };
}

type GridTemplate = 'low-confidence-grid' | 'misclassified-grid';

export async function gatherExampleGrid(
  spec: SpecOf<GridTemplate>,
  source: FigureSource,
): Promise<FigureData[GridTemplate]> {
  const run = findRun(source, spec.run);
  const epoch = resolveEpoch(run, spec.epoch);
  const isWrong = spec.template === 'misclassified-grid';
  const found = source.listExamples({
    runId: run.id,
    epoch,
    filters: [isWrong ? 'misclassified' : 'true-low-confidence'],
    label: null,
    predictedClass: null,
    threshold: spec.threshold,
    sort: 'confidence',
    descending: isWrong,
    limit: null,
  });
  if (found.length === 0) throw nothingFound(run, epoch, spec);
  const examples = found.slice(0, spec.count).map(async ({ exampleId }) => ({
    image: await showImage(source, run, exampleId),
    map: showOneMap(source, run, exampleId, epoch, 'predicted'),
  }));
  return {
    run: labelRun(run),
    threshold: spec.threshold,
    evaluated: source.getPredictions(run.id, epoch).exampleIds.length,
    found: found.length,
    examples: await Promise.all(examples),
    perRow: spec.perRow,
  };
}

const nothingFound = (run: Run, epoch: number, spec: SpecOf<GridTemplate>): AfterimageError =>
  new AfterimageError(
    'NOT_FOUND',
    spec.template === 'misclassified-grid'
      ? `Run ${run.name} has no misclassified test image after epoch ${epoch}.`
      : `Run ${run.name} has no right prediction with a confidence below ${spec.threshold} after epoch ${epoch}.`,
    'Choose another epoch or threshold.',
  );
