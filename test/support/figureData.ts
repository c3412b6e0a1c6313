import { reconstructCam } from '../../src/core/maps/cam.ts';
import { computeCalibration } from '../../src/core/metrics/calibration.ts';
import { explainers, type ExplainerName } from '../../src/core/explainers/registry.ts';
import type { ShownExplanation } from '../../src/core/figures/maps/explained.ts';
import type { RunLabel } from '../../src/core/figures/figure.ts';
import type { ShownImage, ShownMap } from '../../src/core/figures/maps/maps.ts';
import type { FigureOptions } from '../../src/core/figures/drawing/pen.ts';
import { defaultColumns, type Template } from '../../src/core/figures/spec.ts';
import { figureStyleSchema, resolveStyle } from '../../src/core/figures/style.ts';
import type { FigureData } from '../../src/core/figures/gather.ts';
import type { Estimate } from '../../src/core/trust/auditReport.ts';
import { removedShares } from '../../src/core/trust/removal.ts';
import { createMeasure, ownFonts } from '../../src/main/export/fonts.ts';
import { noise } from './fakeDigits.ts';

const [imageSize, mapSize] = [6, 3];

export const labelOf = (paradigm: 'C' | 'R', seed = 1, name = `digits ${paradigm}`): RunLabel => ({
  id: `${paradigm.toLowerCase()}${seed}`,
  name,
  paradigm,
  seed,
  dataset: 'digits',
  threshold: 0.6,
  mask: 'pixels above 0.5',
});

const estimateAt = (mean: number): Estimate => ({
  ...{ n: 30, mean, low: mean - 0.04, high: mean + 0.05 },
});

/** A bright diagonal on a dark ground, small enough to read in a snapshot. */
export const buildImage = (exampleId: number): ShownImage => ({
  exampleId,
  label: exampleId % 10,
  labelName: String(exampleId % 10),
  size: imageSize,
  pixels: Uint8Array.from({ length: imageSize ** 2 }, (_, i) =>
    Math.floor(i / imageSize) === i % imageSize ? 255 : 16 * exampleId,
  ),
});

/** A map of `buildImage(exampleId)` that depends on its arguments alone. */
export function buildMap(
  exampleId: number,
  epoch: number,
  { confidence = 0.93, correct = true, key = 1 } = {},
): ShownMap {
  const camMap = Float32Array.from({ length: mapSize ** 2 }, (_, i) =>
    noise(exampleId, epoch, key, i),
  );
  const predicted = correct ? exampleId % 10 : (exampleId + 1) % 10;
  return {
    epoch,
    targetClass: predicted,
    targetName: String(predicted),
    predictedClass: predicted,
    predictedName: String(predicted),
    correct,
    confidence,
    inputCorrelation: 0.25,
    mapSize,
    camMap,
    imageSize,
    cam: reconstructCam(camMap, mapSize, imageSize),
  };
}

/** A map with both signs where its method has them. */
export const buildExplanation = (method: ExplainerName, key: number): ShownExplanation => ({
  ...{ method, options: method === 'smoothgrad' ? { samples: 50, noise: 0.15 } : {} },
  ...{ epoch: 4, targetClass: key % 10 },
  map: Float32Array.from(
    { length: imageSize ** 2 },
    (_, i) => noise(key, 4, 1, i) - (explainers[method].signed ? 0.5 : 0),
  ),
});

/** As a specification's `style` says it, for figures drawn without one. */
export function buildOptions(template: Template, style: object = {}): FigureOptions {
  const resolved = resolveStyle(figureStyleSchema.parse(style), defaultColumns(template));
  return { style: resolved, title: template, measureText: createMeasure(ownFonts(resolved.font)) };
}

const grid = (correct: boolean): FigureData['misclassified-grid'] => ({
  run: labelOf('R'),
  threshold: 0.6,
  evaluated: 30,
  found: 7,
  perRow: 2,
  examples: [1, 2, 3].map((id) => ({
    image: buildImage(id),
    map: buildMap(id, 4, { correct, confidence: 0.3 + id / 10 }),
  })),
});

const curve = (base: number): (number | null)[] => [null, base, base / 2, base / 4];

/** A run of a sweep, its means over all of 30 images. */
const point = (run: RunLabel, fidelity: number, accuracy: number) => ({
  run,
  epoch: 4,
  fidelity,
  accuracy,
  fidelityImages: { defined: 30, all: 30 },
  accuracyImages: null,
});

/** Means over so many of 30 images. */
const counts = (...defined: number[]) => defined.map((count) => ({ defined: count, all: 30 }));

/** Fixed data of every template. */
export const figureData: FigureData = {
  'cam-pair': { run: labelOf('R'), image: buildImage(3), map: buildMap(3, 4), note: 'Why.' },
  'cam-evolution': {
    epochs: [0, 2],
    rows: (['C', 'R'] as const).map((paradigm) => ({
      run: labelOf(paradigm),
      image: buildImage(3),
      maps: [buildMap(3, 0, { correct: false, confidence: 0.12 }), buildMap(3, 2)],
    })),
  },
  'paradigm-grid': {
    first: labelOf('C'),
    second: labelOf('R'),
    rows: [1, 2].map((id) => ({
      image: buildImage(id),
      first: buildMap(id, 4),
      second: buildMap(id, 5, { key: 2, confidence: 0.999 }),
    })),
    note: '',
  },
  'explainer-grid': {
    ...{ run: labelOf('R'), epoch: 4, target: 'predicted', seed: 7, note: 'Why.' },
    methods: [
      { name: 'gradcam', options: {} },
      { name: 'smoothgrad', options: { samples: 50, noise: 0.15 } },
    ],
    rows: [1, 2].map((id) => ({
      image: buildImage(id),
      explained: [buildExplanation('gradcam', id), buildExplanation('smoothgrad', id)],
    })),
  },
  'concept-atlas': {
    ...{ run: labelOf('R'), epoch: 4, layer: 'relu3', rule: 'composite', target: 'label' },
    ...{ among: 500, note: '' },
    rows: [7, 2].map((channel) => ({
      ...{ channel, relevance: 1 / channel, share: 0.25 / channel },
      images: [1, 3].map((id) => ({
        image: buildImage(id),
        explained: [buildExplanation('crp', id + channel)],
      })),
    })),
  },
  'low-confidence-grid': grid(true),
  'misclassified-grid': grid(false),
  'training-curves': {
    metrics: ['validationLoss', 'trueLowConfidence', 'energyInside'],
    fromEpoch: 1,
    haveOneObjective: false,
    versions: [1, 2],
    series: [
      {
        name: 'digits C',
        paradigm: 'C',
        runs: [1, 2].map((seed) => ({
          run: labelOf('C', seed, `digits C seed ${seed}`),
          bestEpoch: 3,
          values: {
            validationLoss: curve(seed),
            trueLowConfidence: [9, 5, 3, 2],
            energyInside: [0.1, 0.2, 0.3, 0.4 + seed / 5],
          },
          images: { energyInside: counts(30, 27, 29, 30) },
        })),
      },
      {
        name: 'digits R',
        paradigm: 'R',
        runs: [
          {
            run: labelOf('R'),
            bestEpoch: 2,
            values: {
              validationLoss: curve(3),
              trueLowConfidence: [11, 8, 7, 8],
              energyInside: [0.4, 0.4, 0.5, 0.6],
            },
            images: { energyInside: counts(30, 30, 30, 30) },
          },
        ],
      },
    ],
  },
  'confusion-matrix': {
    run: labelOf('R'),
    epoch: 4,
    classNames: ['cat', 'dog', 'owl'],
    counts: [
      [8, 2, 0],
      [1, 2999, 0],
      [0, 0, 0],
    ],
    values: 'rates',
  },
  'reliability-diagram': {
    versions: [2],
    panels: (['C', 'R'] as const).map((paradigm) => ({
      run: labelOf(paradigm),
      epoch: 4,
      images: 4,
      calibration: computeCalibration([0.5, 0.75, 0.875, 1], [true, false, true, true], 4),
    })),
  },
  'confidence-histogram': {
    threshold: 0.6,
    countScale: 'log',
    versions: [2],
    series: [
      { run: labelOf('C'), epoch: 4, images: 111, unsure: 1, counts: [0, 1, 10, 100] },
      { run: labelOf('R'), epoch: 5, images: 111, unsure: 21, counts: [1, 20, 0, 90] },
    ],
  },
  'accuracy-fidelity': {
    sweep: { key: 'contrastive.weight', title: 'contrastive: weight' },
    fidelity: 'inputCorrelation',
    accuracy: 'testAccuracy',
    haveOneObjective: false,
    versions: [2],
    points: [
      { paradigm: 'C', value: null, name: 'digits C', runs: [point(labelOf('C'), 0.25, 99)] },
      {
        paradigm: 'R',
        value: '0.1',
        name: 'digits R',
        runs: [1, 2].map((seed) => point(labelOf('R', seed), 0.5 + seed / 100, 98 + seed / 4)),
      },
      {
        paradigm: 'R',
        value: '10',
        name: 'digits R',
        runs: [{ ...point(labelOf('R', 3), 0.75, 97), fidelityImages: { defined: 28, all: 30 } }],
      },
    ],
  },
  'metric-distribution': {
    metric: 'inputCorrelation',
    countScale: 'auto',
    first: { run: labelOf('C'), epoch: 4, values: [-0.1, 0.2, null, 0.3, 0.4, null] },
    second: { run: labelOf('R'), epoch: 5, values: [0.1, 0.6, 0.5, 0.3, 0.7, null] },
    exampleIds: [3, 5, 6, 8, 13, 21],
    versions: [2],
  },
  'sanity-cascade': {
    similarity: 'rank',
    sides: (['C', 'R'] as const).map((paradigm, i) => ({
      ...{ run: labelOf(paradigm), epoch: 4, images: 30, layers: ['dense2', 'conv3', 'conv1'] },
      lines: (['gradcam', 'lrp'] as const).map((method, k) => ({
        method,
        points: [0.8, 0.4, -0.12].map((mean) => estimateAt(mean / (1 + i + k))),
      })),
    })),
  },
  'deletion-insertion': {
    ...{ method: 'gradcam', baseline: 'mean' },
    sides: (['C', 'R'] as const).map((paradigm, i) => ({
      ...{ run: labelOf(paradigm), epoch: 4, images: 30 },
      lines: (['gradcam', 'image', 'chance'] as const).map((name, k) => ({
        name,
        deletion: removedShares.map((share) => estimateAt((1 - share) / (1 + i + k))),
        insertion: removedShares.map((share) => estimateAt(share / (1 + i + k))),
      })),
    })),
  },
  'method-agreement': {
    sides: (['C', 'R'] as const).map((paradigm, i) => ({
      ...{ run: labelOf(paradigm), epoch: 4, images: 30 },
      methods: ['gradcam', 'gradient-x-input', 'lrp'],
      matrix: [
        [1, 0.25 + 0.5 * i, null],
        [0.25 + 0.5 * i, 1, -0.11],
        [null, -0.11, 1],
      ],
    })),
  },
};
