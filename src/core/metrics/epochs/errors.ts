import type { EpochMetric } from '../metric.ts';

const count = {
  about: 'errors',
  symbol: '',
  unit: 'images',
  kind: 'count',
  better: 'lower',
  decimals: 0,
  range: [0, Infinity],
  compared: true,
} as const;

export const falsePredictions = {
  ...count,
  title: 'false predictions',
  heading: 'False',
  definition: 'test images predicted wrong',
  read: (metrics) => metrics.falsePredictions,
} as const satisfies EpochMetric;

export const trueLowConfidence = {
  ...count,
  title: 'true low-confidence',
  heading: 'True low-conf.',
  short: 'Low conf.',
  definition: 'test images predicted right with a confidence below the threshold',
  usesThreshold: true,
  read: (metrics) => metrics.trueLowConfidence,
} as const satisfies EpochMetric;
