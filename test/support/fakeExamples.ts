import { paradigmOf } from '../../src/core/config/objectives.ts';
import { AfterimageError } from '../../src/core/errors.ts';
import {
  byName,
  recordedMetricNames,
  type RecordedMetricName,
} from '../../src/core/metrics/exampleMetrics.ts';
import type { Example, ExampleQuery, Run } from '../../src/core/records.ts';
import { toUserError } from '../../src/renderer/composables/userError.ts';
import { encodeSafetensors } from '../../src/core/formats/safetensors.ts';
import type { NamedTensor, TensorValues } from '../../src/core/formats/safetensors.ts';
import { drawDigit, drawMap, gaussian, imageSize, mapSize, noise } from './fakeDigits.ts';
import { fakeClassNames } from './fakeRuns.ts';

const classes = fakeClassNames.length;

export const labelOf = (exampleId: number): number => Math.floor(noise(exampleId, 41) * classes);

const runKey = ({ id }: Run): number =>
  new TextEncoder().encode(id).reduce((sum, byte) => (sum * 31 + byte) | 0, 7) | 0;

function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** Probabilities that sharpen with the epoch; a few images stay hard whatever the run. */
function fakeProbabilities(run: Run, exampleId: number, epoch: number): number[] {
  const key = runKey(run);
  const label = labelOf(exampleId);
  const pace = 1 - Math.exp(-epoch / 2.5);
  const hard = noise(exampleId, 42) < 0.06;
  const rival = (label + 1 + Math.floor(noise(exampleId, 43) * (classes - 1))) % classes;
  const logits = Array.from({ length: classes }, (_, digit) => {
    const start = 0.4 * gaussian(key, digit, 44);
    const wobble = 0.5 * gaussian(key, exampleId, digit, 45);
    const pull =
      digit === label ? 7 : digit === rival && hard ? 6.2 + 1.2 * gaussian(key, exampleId, 46) : 0;
    const jitter = hard ? 0.5 * gaussian(key, exampleId, digit, epoch) : 0;
    return start * (1 - pace) + pace * (pull + wobble + jitter);
  });
  return softmax(logits);
}

const indexOfLargest = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/** Where the made-up metrics of a run's maps end. */
const likenessOf = ({ config }: Run): Partial<Record<RecordedMetricName, number>> =>
  paradigmOf(config) === 'R'
    ? { inputCorrelation: 0.76, energyInside: 0.52, iou: 0.5 }
    : { inputCorrelation: 0.24, energyInside: 0.23, iou: 0.16 };

export function fakeExample(run: Run, exampleId: number, epoch: number): Example {
  const probabilities = fakeProbabilities(run, exampleId, epoch);
  const predictedClass = indexOfLargest(probabilities);
  const label = labelOf(exampleId);
  const [first = 0, second = 0] = probabilities.toSorted((a, b) => b - a);
  const pace = 1 - Math.exp(-epoch / 2.5);
  const likeness = likenessOf(run);
  const value = (target: number, index: number): number =>
    Math.max(
      0,
      Math.min(1, 0.05 + (target - 0.05) * pace + 0.07 * gaussian(exampleId, runKey(run), index)),
    );
  return {
    exampleId,
    epoch,
    label,
    predictedClass,
    correct: predictedClass === label,
    confidence: first,
    confidenceMargin: first - second,
    probabilities,
    ...byName(recordedMetricNames, (name, i) => value(likeness[name] ?? 0.4, 51 + i)),
    ...(exampleId % 97 === 0 && { inputCorrelation: null }),
    maskArea: 0.1 + 0.06 * noise(exampleId, 54),
  };
}

/** Test images of a run, all of them evaluated at every epoch. */
export const countOf = ({ config }: Run): number => config.data.testExamples ?? 1_000;

export function listFakeExamples(run: Run, query: ExampleQuery): Example[] {
  const epoch = query.epoch ?? run.bestEpoch ?? run.epochs.at(-1)?.epoch ?? 0;
  const sure = ({ confidence }: Example): boolean => confidence >= query.threshold;
  const passes = (example: Example): boolean =>
    query.filters.every((filter) => {
      if (filter === 'misclassified') return !example.correct;
      if (filter === 'low-confidence') return !sure(example);
      if (filter === 'true-low-confidence') return example.correct && !sure(example);
      return filter === 'all' || (!example.correct && sure(example));
    });
  const sign = query.descending ? -1 : 1;
  const listed = Array.from({ length: countOf(run) }, (_, id) => fakeExample(run, id, epoch))
    .filter(passes)
    .filter(({ label }) => query.label === null || label === query.label)
    .filter(
      ({ predictedClass }) =>
        query.predictedClass === null || predictedClass === query.predictedClass,
    )
    .toSorted((a, b) => {
      const [x, y] = [a[query.sort] ?? null, b[query.sort] ?? null];
      if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
      return sign * (x - y) || a.exampleId - b.exampleId;
    });
  return query.limit === null ? listed : listed.slice(0, query.limit);
}

const toBlob = (
  tensors: Record<string, NamedTensor>,
  metadata: Record<string, string> = {},
): Blob => new Blob([encodeSafetensors({ tensors, metadata }) as Uint8Array<ArrayBuffer>]);

const vector = (values: TensorValues): NamedTensor => ({ shape: [values.length], values });

const metric = (examples: readonly Example[], name: RecordedMetricName | 'maskArea'): NamedTensor =>
  vector(Float32Array.from(examples, (example) => example[name] ?? NaN));

const table = (examples: readonly Example[]): NamedTensor => ({
  shape: [examples.length, classes],
  values: Float32Array.from(examples.flatMap(({ probabilities }) => probabilities)),
});

function maps(levels: readonly Uint8Array[]): NamedTensor {
  const values = new Uint8Array(levels.length * mapSize * mapSize);
  levels.forEach((map, index) => {
    values.set(map, index * mapSize * mapSize);
  });
  return { shape: [levels.length, mapSize, mapSize], values };
}

export function mapOf(run: Run, { exampleId, epoch, label }: Example, target: number): Uint8Array {
  const pace = 1 - Math.exp(-epoch / 3);
  const likeness =
    (paradigmOf(run.config) === 'R' ? 0.9 : 0.35) * pace * (target === label ? 1 : 0.5);
  const key = runKey(run) + exampleId * 16 + target;
  return drawMap(drawDigit(label, exampleId), likeness, key);
}

/** What answers about examples say of the run's data. */
const aboutData = { classNames: JSON.stringify(fakeClassNames), imageSize: String(imageSize) };

export function fakeEpochFile(run: Run, epoch: number): Blob {
  const examples = Array.from({ length: countOf(run) }, (_, id) => fakeExample(run, id, epoch));
  const tensors = {
    exampleIds: vector(Uint32Array.from(examples, ({ exampleId }) => exampleId)),
    labels: vector(Uint8Array.from(examples, ({ label }) => label)),
    predictedClasses: vector(Uint8Array.from(examples, ({ predictedClass }) => predictedClass)),
    probabilities: table(examples),
    ...byName(recordedMetricNames, (name) => metric(examples, name)),
    maskArea: metric(examples, 'maskArea'),
    camLevels: maps(examples.map((example) => mapOf(run, example, example.predictedClass))),
    camScales: vector(Float32Array.from(examples, ({ exampleId }) => 0.5 + noise(exampleId, 61))),
  };
  return toBlob(tensors, aboutData);
}

/** @param imageProblem why the image is not in it */
export function fakeHistoryFile(
  run: Run,
  exampleId: number,
  imageProblem: AfterimageError | null = null,
): Blob {
  if (exampleId >= countOf(run)) {
    const message = `Run ${run.id} did not evaluate test image ${exampleId}.`;
    throw new AfterimageError('NOT_FOUND', message, 'List its examples.');
  }
  const examples = run.epochs.map(({ epoch }) => fakeExample(run, exampleId, epoch));
  const label = labelOf(exampleId);
  const scales = (): NamedTensor =>
    vector(Float32Array.from(examples, ({ epoch }) => 0.5 + noise(exampleId, epoch, 62)));
  return toBlob(
    {
      epochs: vector(Uint32Array.from(examples, ({ epoch }) => epoch)),
      label: vector(Uint8Array.of(label)),
      probabilities: table(examples),
      ...byName(recordedMetricNames, (name) => metric(examples, name)),
      predictedLevels: maps(examples.map((example) => mapOf(run, example, example.predictedClass))),
      predictedScales: scales(),
      labelLevels: maps(examples.map((example) => mapOf(run, example, label))),
      labelScales: scales(),
      ...(imageProblem === null && {
        image: { shape: [imageSize, imageSize], values: drawDigit(label, exampleId) },
      }),
    },
    imageProblem === null
      ? aboutData
      : { ...aboutData, imageProblem: JSON.stringify(toUserError(imageProblem)) },
  );
}

/** Maps of every class, those of the history among them. */
export function fakeClassMapsFile(run: Run, exampleId: number): Blob {
  const examples = run.epochs.map(({ epoch }) => fakeExample(run, exampleId, epoch));
  const all = Array.from({ length: classes }, (_, k) =>
    examples.map((example) => mapOf(run, example, k)),
  ).flat();
  const shape = [classes, examples.length];
  const scales = all.map((_, i) => 0.5 + noise(exampleId, i % examples.length, 62));
  return toBlob({
    levels: { shape: [...shape, mapSize, mapSize], values: maps(all).values },
    scales: { shape, values: Float32Array.from(scales) },
  });
}

/** Maps with both signs that move with the epoch, a different one for each method. */
export function fakeExplanations(exampleId: number, epoch: number, methods: number): string {
  const cells = imageSize ** 2;
  const values = Float32Array.from({ length: methods * cells }, (_, i) => {
    const [x, y] = [i % imageSize, Math.floor((i % cells) / imageSize)];
    const method = Math.floor(i / cells);
    return Math.sin((x + epoch + 3 * method) / 4) * Math.cos((y + exampleId) / (5 + method));
  });
  const tensors = {
    maps: { shape: [methods, imageSize, imageSize], values },
    targetClass: vector(Uint8Array.of(labelOf(exampleId))),
    durationsMs: vector(new Float32Array(methods).fill(7)),
  };
  const problems = JSON.stringify(Array.from({ length: methods }, () => null));
  return Buffer.from(encodeSafetensors({ tensors, metadata: { problems } })).toString('base64');
}

/** Thirty-two channels, each of most relevance for a class of its own. */
export function fakeConcepts(run: Run, epoch: number | null, examples: number): string {
  const [channels, count] = [32, Math.min(examples, 200)];
  const at = epoch ?? run.bestEpoch ?? 0;
  const relevance = Float32Array.from({ length: count * channels }, (_, i) => {
    const [id, channel] = [Math.floor(i / channels), i % channels];
    const own = labelOf(id) === channel % 10 ? 1 : 0.1;
    return (own * (1 + Math.sin(id + at))) / (1 + channel) - 0.02;
  });
  const ids = Uint32Array.from({ length: count }, (_, i) => i);
  const tensors = {
    ...{ exampleIds: vector(ids), targets: vector(Uint8Array.from(ids, labelOf)) },
    relevance: { shape: [count, channels], values: relevance },
  };
  const metadata = { layer: 'relu3', epoch: String(at) };
  return Buffer.from(encodeSafetensors({ tensors, metadata })).toString('base64');
}

/** Images of a split; train and test draw from different examples. */
export function fakeImagesFile(split: 'train' | 'test', indices: readonly number[]): Blob {
  const ids = indices.map((index) => (split === 'train' ? 100_000 + index : index));
  const images = new Uint8Array(ids.length * imageSize * imageSize);
  ids.forEach((id, position) => {
    images.set(drawDigit(labelOf(id), id), position * imageSize * imageSize);
  });
  return toBlob({
    images: { shape: [ids.length, imageSize, imageSize], values: images },
    labels: vector(Uint8Array.from(ids, labelOf)),
  });
}
