import type { PredictionMetric } from '../metric.ts';

export const confidence = {
  of: 'prediction',
  title: 'confidence',
  heading: 'Confidence',
  symbol: 'maxₖ pₖ',
  definition: 'largest probability',
  unit: '',
  kind: 'index',
  better: null,
  decimals: 3,
  range: [0, 1],
  compared: true,
  measure: (probabilities) => probabilities.reduce((a, b) => Math.max(a, b), 0),
} as const satisfies PredictionMetric;
