import * as tf from '@tensorflow/tfjs';
import { createCamReconstructor, quantizeCamMap } from '../../core/maps/cam.ts';
import { byName, recordedMetricNames } from '../../core/metrics/exampleMetrics.ts';
import { decide } from '../../core/metrics/decide.ts';
import type { MaskRule } from '../../core/metrics/foreground.ts';
import { createMapMeasures } from '../../core/metrics/mapMeasures.ts';
import { computeLuminance, imageAt, maskAt, type PixelFormat } from '../../core/pixels.ts';
import type { DatasetSplit } from '../../core/formats/datasetFile.ts';
import type { EpochExamples } from '../../shared/trainerEvents.ts';
import { tensorMeasures } from './cam/tensorMeasures.ts';
import { cut, padTo } from './dataset/batches.ts';
import type { TrainingSession } from './session.ts';

/** Pixels of an evaluation batch at most: of large images, fewer fit into memory. */
const largestBatchPixels = 200 * 64 ** 2;

/** How many images of the session's size fit into an evaluation batch, at least 1. */
export const countFitting = ({ model }: TrainingSession): number =>
  Math.max(1, Math.floor(largestBatchPixels / model.imageSize ** 2));

const chooseBatchSize = (session: TrainingSession, images: number): number =>
  Math.min(images, session.evaluationBatch, countFitting(session));

export interface TestEvaluation {
  examples: EpochExamples;
  /** Mean over the test images, nats. */
  crossEntropy: number;
}

/** Called between batches; it may wait, so that messages are read. */
export type BatchDone = (batch: number, batches: number) => Promise<void>;

function allocate(labels: Uint8Array, exampleIds: Uint32Array, classes: number): EpochExamples {
  const count = exampleIds.length;
  return {
    exampleIds,
    labels: Uint8Array.from(exampleIds, (id) => labels[id] ?? 0),
    probabilities: new Float32Array(count * classes),
    classes,
    mapSize: 0,
    camLevels: new Uint8Array(0),
    camScales: new Float32Array(count),
    measures: byName(recordedMetricNames, () => new Float32Array(count)),
    maskArea: new Float32Array(count),
    labelMaps: {
      positions: new Uint32Array(0),
      camLevels: new Uint8Array(0),
      camScales: new Float32Array(0),
    },
  };
}

/** Quantises maps [B, h, w] one after the other into `levels` and `scales` from position `first` on. */
function storeMaps(
  maps: Float32Array,
  count: number,
  target: { levels: Uint8Array; scales: Float32Array },
  first: number,
): void {
  const cells = target.levels.length / target.scales.length;
  for (let i = 0; i < count; i += 1) {
    const { levels, scale } = quantizeCamMap(maps.subarray(i * cells, (i + 1) * cells));
    target.levels.set(levels, (first + i) * cells);
    target.scales[first + i] = scale;
  }
}

const read = (tensors: tf.Tensor[]): Float32Array[] => {
  const values = tensors.map((tensor) => tensor.dataSync<'float32'>());
  tf.dispose(tensors);
  return values;
};

/** Recorded metrics that no engine computes. */
const measuredHere = recordedMetricNames.filter((name) => !tensorMeasures.has(name));

/** Measures `count` maps [B, h, w] as they came from the engine, into columns from position `first` on. */
type Measurer = (maps: Float32Array, first: number, count: number) => void;

function createMeasurer(
  format: PixelFormat,
  { images, masks }: DatasetSplit,
  { measures, exampleIds, mapSize }: EpochExamples,
  rule: MaskRule,
): Measurer {
  if (measuredHere.length === 0) return () => undefined;
  const { imageSize, channels } = format;
  const measure = createMapMeasures(measuredHere, imageSize, rule);
  const reconstruct = createCamReconstructor(mapSize, imageSize);
  const cells = mapSize ** 2;
  const cam = new Float32Array(imageSize ** 2);
  return (maps, first, count) => {
    for (let i = 0; i < count; i += 1) {
      const id = exampleIds[first + i] ?? 0;
      reconstruct(maps.subarray(i * cells, (i + 1) * cells), cam);
      const image = computeLuminance(imageAt(images, id, format), channels);
      const values = measure(cam, image, maskAt(masks, id, format));
      for (const name of measuredHere) measures[name][first + i] = values[name];
    }
  };
}

/** The label's map of every test image whose prediction differs from its label. */
async function computeLabelMaps(
  session: TrainingSession,
  examples: EpochExamples,
  between: () => Promise<void>,
): Promise<EpochExamples['labelMaps']> {
  const { labels, probabilities, classes, exampleIds, mapSize } = examples;
  const batchSize = chooseBatchSize(session, labels.length);
  const positions = Uint32Array.from(labels.keys()).filter(
    (i) => decide(probabilities, i * classes, classes).predictedClass !== labels[i],
  );
  const levels = new Uint8Array(positions.length * mapSize ** 2);
  const scales = new Float32Array(positions.length);
  let done = 0;
  for (const part of cut(positions, batchSize)) {
    const ids = part.map((position) => exampleIds[position] ?? 0);
    const [maps] = read([session.computeLabelMaps(padTo(ids, batchSize))]);
    storeMaps(maps ?? new Float32Array(0), part.length, { levels, scales }, done);
    done += part.length;
    await between();
  }
  return { positions, camLevels: levels, camScales: scales };
}

/**
 * Predictions, maps and recorded metrics of the test images at `exampleIds`, with batch norm and dropout
 * in evaluation mode.
 */
export async function evaluateTestImages(
  session: TrainingSession,
  test: DatasetSplit,
  exampleIds: Uint32Array,
  done: BatchDone,
): Promise<TestEvaluation> {
  const { classes } = session.model;
  const examples = allocate(test.labels, exampleIds, classes);
  const batchSize = chooseBatchSize(session, exampleIds.length);
  const batches = Math.ceil(exampleIds.length / batchSize);
  let [first, crossEntropy] = [0, 0];
  let measure: Measurer | undefined;
  for (const ids of cut(exampleIds, batchSize)) {
    const count = ids.length;
    const tensors = session.predict(padTo(ids, batchSize));
    if (first === 0) {
      examples.mapSize = tensors[2]?.shape[1] ?? 0;
      examples.camLevels = new Uint8Array(exampleIds.length * examples.mapSize ** 2);
      measure = createMeasurer(session.format, test, examples, session.rule);
    }
    const [probabilities, losses, maps, maskArea, ...measured] = read(tensors) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
      ...Float32Array[],
    ];
    examples.probabilities.set(probabilities.subarray(0, count * classes), first * classes);
    crossEntropy += losses.subarray(0, count).reduce((sum, loss) => sum + loss, 0);
    storeMaps(maps, count, { levels: examples.camLevels, scales: examples.camScales }, first);
    examples.maskArea.set(maskArea.subarray(0, count), first);
    [...tensorMeasures.keys()].forEach((name, i) => {
      examples.measures[name].set((measured[i] ?? maskArea).subarray(0, count), first);
    });
    measure?.(maps, first, count);
    first += count;
    await done(Math.ceil(first / batchSize), batches);
  }
  examples.labelMaps = await computeLabelMaps(session, examples, () => done(batches, batches));
  return { examples, crossEntropy: crossEntropy / exampleIds.length };
}
