import { decide } from '../decide.ts';
import type { PredictionMetric } from '../metric.ts';

export const confidenceMargin = {
  of: 'prediction',
  title: 'confidence margin',
  heading: 'Margin',
  symbol: 'p₍₁₎ − p₍₂₎',
  definition: 'largest minus second-largest probability',
  unit: '',
  kind: 'index',
  better: null,
  decimals: 3,
  range: [0, 1],
  compared: false,
  measure: (probabilities) => decide(probabilities, 0, probabilities.length).confidenceMargin,
} as const satisfies PredictionMetric;
