import { listPairTerms } from '../../core/config/objectives/pairs.ts';
import type { RunConfig } from '../../core/config/runConfig.ts';
import { invalidArgument } from '../../core/errors.ts';
import { refuseMaskless } from '../../core/metrics/foreground.ts';
import { windowSize } from '../../core/metrics/examples/ssim.ts';
import {
  embeddedMemory,
  estimateTrainingBytes,
  findLargestBatch,
} from '../../core/models/memory.ts';
import {
  defaultTargetLayer,
  describeModel,
  findLeastImageSize,
  mapSizeOf,
} from '../../core/models/network.ts';
import type { DatasetRecord, EngineName, RunSummary } from '../../core/records.ts';
import { isBuiltinName } from '../datasets/builtin.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import { computeSplit } from '../datasets/split.ts';
import { breathe } from '../platform/longTask.ts';
import type { History } from '../store/history.ts';

/** Labels with these counts per class, in order of class. */
const makeLabels = (counts: readonly number[]): Uint8Array =>
  Uint8Array.from(counts.flatMap((count, label) => new Array<number>(count).fill(label)));

/** INVALID_ARGUMENT if a step would need more memory than the embedded engine can have. */
function checkMemory({ model, training }: RunConfig, dataset: DatasetRecord): void {
  const { batchSize } = training;
  const { name, imageSize, classNames } = dataset;
  const network = describeModel(model, dataset, classNames.length);
  const bytes = estimateTrainingBytes(network, batchSize);
  if (bytes <= embeddedMemory) return;
  const fitting = findLargestBatch(network, embeddedMemory);
  const smaller = fitting > 0 ? `Set batchSize to ${fitting} or less` : 'Scale the images down';
  throw invalidArgument(
    `Batches of ${batchSize} images of data set ${name}, ${imageSize} x ${imageSize} pixels, need about ${(bytes / 2 ** 30).toFixed(1)} GiB; the embedded engine (wasm) can have 4.`,
    `${smaller}, or use the native engine.`,
  );
}

/**
 * The same for a run that is about to begin or to go on, on its own images: what a queue, an import or
 * another engine as the default leaves unasked. An engine that a run has epochs of has shown that it can.
 */
export function checkEngineMemory(
  { config, engine, last }: Pick<RunSummary, 'config' | 'engine' | 'last'>,
  name: EngineName,
  dataset: DatasetRecord,
): void {
  const hasShown = last !== null && engine?.name === name;
  if (name === 'wasm' && !hasShown) checkMemory(config, dataset);
}

/** `checkEngineMemory` where it is known already on which images; a built-in set may not be here yet. */
export function checkResumedMemory(runId: string, engine: EngineName, history: History): void {
  const run = history.runs.getSummary(runId);
  const record = history.splits.getDataset(runId) ?? history.datasets.get(run.config.data.dataset);
  if (record !== null) checkEngineMemory(run, engine, record);
}

/** INVALID_ARGUMENT if a model cannot learn from such images. */
function checkModel(
  { model, cam: { targetLayer } }: RunConfig,
  { name, imageSize, classNames }: DatasetRecord,
): void {
  const least = findLeastImageSize(model);
  if (imageSize < least) {
    throw invalidArgument(
      `The images of data set ${name} have ${imageSize} x ${imageSize} pixels; ${model.name} needs ${least} x ${least} at least.`,
      'Import them again with --resize, or choose a model for smaller images.',
    );
  }
  const network = describeModel(model, { imageSize }, classNames.length);
  if (mapSizeOf(network, targetLayer) < 2) {
    throw invalidArgument(
      `Of images of ${imageSize} x ${imageSize} pixels, as in data set ${name}, layer ${targetLayer} of ${model.name} leaves one pixel, which is no map.`,
      `Choose an earlier layer, for example --set targetLayer=${defaultTargetLayer(model)}.`,
    );
  }
  if (classNames.length > 1) return;
  throw invalidArgument(
    `Data set ${name} has one class only; a classifier needs two.`,
    'Import it again with images of another class.',
  );
}

/** INVALID_ARGUMENT if masks are to come from a set that has none, as the built-in ones. */
export function checkMasks(
  { cam }: RunConfig,
  { name, masks }: Pick<DatasetRecord, 'name' | 'masks'>,
): void {
  if (cam.mask === 'dataset' && masks !== true) throw refuseMaskless(`data set ${name}`);
}

/**
 * INVALID_ARGUMENT where no batch could have pairs that a term compares, or nothing is to be told apart:
 * what of pairs is known before images are drawn for batches.
 *
 * @param labels of the images that the run would learn from
 */
function checkPairs(
  { objective, training }: RunConfig,
  { name }: DatasetRecord,
  labels: readonly number[],
): void {
  if (new Set(labels).size < 2) {
    throw invalidArgument(
      `The images of data set ${name} that the run would learn from are all of one class; a classifier needs two.`,
      'Take more trainExamples, or a set with training images of another class.',
    );
  }
  const { batchSize } = training;
  const term = listPairTerms(objective).find(
    ({ leastBatch, lacks }) => batchSize < leastBatch || lacks(labels),
  );
  if (term === undefined) return;
  throw invalidArgument(
    `The term ${term.name} compares images of a batch, and batches of ${batchSize} of the ${labels.length} training images of data set ${name} never have the pairs that it needs.`,
    `Set batchSize to ${term.leastBatch} or more, take more trainExamples, or leave the term out.`,
  );
}

/** INVALID_ARGUMENT if a term of the objective cannot be computed of such images. */
function checkTerms({ objective }: RunConfig, { name, imageSize }: DatasetRecord): void {
  if (objective.ssim === undefined || imageSize >= windowSize) return;
  throw invalidArgument(
    `The images of data set ${name} have ${imageSize} x ${imageSize} pixels; the term ssim compares windows of ${windowSize} x ${windowSize}.`,
    'Leave the term out, or scale the images up and import them again.',
  );
}

/**
 * Throws where a run could not even begin, before it is stored: NOT_FOUND for an unknown data set,
 * INVALID_ARGUMENT for images that its model cannot take or subsets that the set does not have. A built-in
 * set that has not been made available yet is not waited for; its runs find out when they start.
 */
export async function checkRuns(
  runs: readonly { config: RunConfig }[],
  engine: EngineName,
  { history, library }: { history: History; library: DatasetLibrary },
): Promise<void> {
  const checked = new Set<string>();
  for (const { config } of runs) {
    const { data, model, cam, objective, training } = config;
    const { dataset, trainExamples, testExamples, testFraction, validationFraction } = data;
    const sizes = [
      ...[dataset, JSON.stringify(model), cam.targetLayer, training.batchSize],
      ...[trainExamples, testExamples, testFraction, validationFraction, 'ssim' in objective],
      ...[
        cam.mask,
        listPairTerms(objective)
          .map(({ name }) => name)
          .join(),
      ],
    ];
    if (isBuiltinName(dataset)) checkMasks(config, { name: dataset });
    const isLater = isBuiltinName(dataset) && history.datasets.get(dataset) === null;
    if (isLater || checked.has(JSON.stringify(sizes))) continue;
    checked.add(JSON.stringify(sizes));
    await breathe();
    const { record } = await library.resolve(dataset);
    checkModel(config, record);
    checkTerms(config, record);
    checkMasks(config, record);
    if (engine === 'wasm') checkMemory(config, record);
    const labels = makeLabels(record.trainCounts);
    const { train } = computeSplit(labels, makeLabels(record.testCounts), data);
    checkPairs(
      config,
      record,
      Array.from(train, (index) => labels[index] ?? 0),
    );
  }
}
