/** Data of every figure for bench/figures.ts, from a seeded generator. */
import { reconstructCam } from '../src/core/maps/cam.ts';
import { computeCalibration } from '../src/core/metrics/calibration.ts';
import type { RunLabel } from '../src/core/figures/figure.ts';
import type { ShownImage, ShownMap } from '../src/core/figures/maps/maps.ts';
import type { Template } from '../src/core/figures/spec.ts';
import { countBins } from '../src/core/figures/statistics.ts';
import type { FigureData } from '../src/core/figures/gather.ts';
import { Random } from '../src/core/random.ts';

const [imageSize, mapSize, testImages, epochs] = [28, 7, 10_000, 13];
const random = Random.fromSeed(1);

/** A figure to be measured. Its data belong to its template. */
export interface Subject<T extends Template = Template> {
  name: string;
  template: T;
  data: FigureData[T];
  style: object;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const runOf = (paradigm: 'C' | 'R', seed = 1): RunLabel => ({
  id: `${paradigm}${seed}`,
  name: `mnist-${paradigm.toLowerCase()} seed ${seed}`,
  paradigm,
  seed,
  dataset: 'mnist',
  threshold: 0.6,
  mask: 'pixels above 0.5',
});

const imageOf = (exampleId: number): ShownImage => ({
  exampleId,
  label: 3,
  labelName: '3',
  size: imageSize,
  // A stroke on black, as a digit: most cells of a row are one.
  pixels: Uint8Array.from({ length: imageSize ** 2 }, (_, i) =>
    Math.abs((i % imageSize) - 14) < 3 ? random.uniform(128, 256) : 0,
  ),
});

function mapOf(epoch: number): ShownMap {
  const camMap = Float32Array.from({ length: mapSize ** 2 }, () => random.uniform());
  return {
    epoch,
    targetClass: 3,
    targetName: '3',
    predictedClass: 3,
    predictedName: '3',
    correct: true,
    confidence: random.uniform(0.3, 1),
    inputCorrelation: 0.5,
    mapSize,
    camMap,
    imageSize,
    cam: reconstructCam(camMap, mapSize, imageSize),
  };
}

const strip = (rows: number): FigureData['cam-evolution'] => ({
  epochs: range(epochs),
  rows: range(rows).map((i) => ({
    run: runOf(i % 2 === 0 ? 'C' : 'R', 1 + Math.floor(i / 2)),
    image: imageOf(7),
    maps: range(epochs).map(mapOf),
  })),
});

const grid = (): FigureData['misclassified-grid'] => ({
  run: runOf('R'),
  threshold: 0.6,
  evaluated: testImages,
  found: 100,
  perRow: 4,
  examples: range(8).map((id) => ({ image: imageOf(id), map: mapOf(12) })),
});

const confidence = range(testImages).map(() => 1 - random.uniform() ** 8);
const correct = confidence.map((value) => random.uniform() < value);
const both = [runOf('C'), runOf('R')] as const;
const versions = [1];

const subject = <T extends Template>(
  template: T,
  data: FigureData[T],
  options: { name?: string; style?: object } = {},
): Subject<T> => ({ name: template, template, data, style: {}, ...options });

const curves = (): FigureData['training-curves'] => ({
  metrics: ['validationCrossEntropy', 'testAccuracy', 'inputCorrelation'],
  fromEpoch: 1,
  haveOneObjective: false,
  versions,
  series: (['C', 'R'] as const).map((paradigm) => ({
    name: `mnist-${paradigm.toLowerCase()}`,
    paradigm,
    runs: range(6).map((seed) => ({
      run: runOf(paradigm, seed + 1),
      bestEpoch: 9,
      values: Object.fromEntries(
        ['validationCrossEntropy', 'testAccuracy', 'inputCorrelation'].map((metric) => [
          metric,
          range(30).map((epoch) => 1 / (epoch + 1 + random.uniform())),
        ]),
      ),
      images: {},
    })),
  })),
});

const frontier = (): FigureData['accuracy-fidelity'] => ({
  sweep: { key: 'contrastive.weight', title: 'contrastive: weight' },
  fidelity: 'inputCorrelation',
  accuracy: 'testAccuracy',
  haveOneObjective: false,
  versions,
  points: ['0.1', '0.3', '1', '3', '10'].map((value, i) => ({
    paradigm: 'R' as const,
    value,
    name: `mnist-r ${value}`,
    runs: range(6).map((seed) => ({
      run: runOf('R', seed + 1),
      epoch: 9,
      fidelity: 0.3 + i / 10 + random.uniform() / 50,
      accuracy: 99 - i / 4 + random.uniform() / 10,
      fidelityImages: null,
      accuracyImages: null,
    })),
  })),
});

/** Every figure in a paper's size, and film strips of 8 rows, plain and smooth. */
export function listSubjects(): Subject[] {
  const [first, second] = both;
  const rows = range(4).map((id) => ({ image: imageOf(id), first: mapOf(9), second: mapOf(9) }));
  const panels = both.map((run) => ({
    run,
    epoch: 9,
    images: testImages,
    calibration: computeCalibration(confidence, correct, 15),
  }));
  const series = both.map((run) => ({
    run,
    epoch: 9,
    images: testImages,
    unsure: 100,
    counts: countBins(confidence, [0, 1], 50),
  }));
  const valuesOf = (): number[] => range(testImages).map(() => random.uniform(-0.2, 1));
  return [
    subject('cam-pair', { run: second, image: imageOf(7), map: mapOf(9), note: '' }),
    subject('cam-evolution', strip(8), { name: '**cam-evolution, 8 x 13**' }),
    subject('cam-evolution', strip(8), {
      name: 'cam-evolution, 8 x 13, smooth',
      style: { smooth: true },
    }),
    subject('paradigm-grid', { first, second, rows, note: '' }),
    subject('low-confidence-grid', grid()),
    subject('misclassified-grid', grid()),
    subject('training-curves', curves()),
    subject('confusion-matrix', {
      run: second,
      epoch: 9,
      classNames: range(10).map(String),
      counts: range(10).map((y) => range(10).map((x) => (x === y ? 970 : 3))),
      values: 'counts',
    }),
    subject('reliability-diagram', { panels, versions }),
    subject('confidence-histogram', { threshold: 0.6, countScale: 'log', series, versions }),
    subject('accuracy-fidelity', frontier()),
    subject('metric-distribution', {
      metric: 'inputCorrelation',
      first: { run: first, epoch: 9, values: valuesOf() },
      second: { run: second, epoch: 9, values: valuesOf() },
      countScale: 'auto',
      exampleIds: range(testImages),
      versions,
    }),
  ];
}
