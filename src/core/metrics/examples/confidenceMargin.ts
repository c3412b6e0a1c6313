import type { PredictionMetric } from '../metric.ts';

function subtractSecond(probabilities: Float32Array): number {
  let [largest, second] = [-1, -1];
  for (const probability of probabilities) {
    if (probability > largest) [largest, second] = [probability, largest];
    else if (probability > second) second = probability;
  }
  return largest - Math.max(second, 0);
}

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
  measure: subtractSecond,
} as const satisfies PredictionMetric;
