import type { EpochMetric } from '../metric.ts';

const course = { about: 'course', symbol: '', range: [0, Infinity] } as const;
const duration = { ...course, unit: 'ms', kind: 'duration', better: 'lower', decimals: 0 } as const;

export const nanBatches = {
  ...course,
  title: 'batches with a NaN',
  heading: 'NaN batches',
  definition:
    'training batches in which a term of the map was set to zero because map or image held a NaN',
  unit: '',
  kind: 'count',
  better: 'lower',
  decimals: 0,
  read: (metrics) => metrics.nanBatches,
} as const satisfies EpochMetric;

export const unpairedBatches = {
  ...course,
  title: 'batches without a pair',
  heading: 'No pair',
  definition:
    'training batches that lacked pairs which a term compares: images of one class, or of two; there the term added less than it does elsewhere, or nothing',
  unit: '',
  kind: 'count',
  better: 'lower',
  decimals: 0,
  read: (metrics) => metrics.terms.unpairedBatches ?? null,
} as const satisfies EpochMetric;

export const learningRate = {
  ...course,
  title: 'learning rate',
  heading: 'Learning rate',
  definition: 'step size of the epoch, after the schedule',
  unit: '',
  kind: 'loss',
  better: null,
  decimals: 6,
  read: (metrics) => metrics.learningRate,
} as const satisfies EpochMetric;

export const durationMs = {
  ...duration,
  title: 'time per epoch',
  heading: 'Time per epoch',
  definition: 'wall clock of training and evaluation',
  read: (metrics) => metrics.durationMs,
} as const satisfies EpochMetric;

export const evaluationMs = {
  ...duration,
  title: 'time of the evaluation',
  heading: 'Evaluation',
  definition: 'wall clock of validation and of the test images with their maps',
  read: (metrics) => metrics.evaluationMs,
} as const satisfies EpochMetric;

export const imagesPerSecond = {
  ...course,
  title: 'training speed',
  heading: 'Images/s',
  definition: 'training images per second, without evaluation',
  unit: 'images/s',
  kind: 'rate',
  better: 'higher',
  decimals: 0,
  read: (metrics) => metrics.imagesPerSecond,
} as const satisfies EpochMetric;
