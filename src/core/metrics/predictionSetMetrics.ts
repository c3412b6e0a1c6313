import type { PredictionSetMetric } from './metric.ts';
import { calibrationError } from './predictions/calibrationError.ts';

/**
 * What follows from all predictions of an epoch at once, and is no mean of what each image has. A new one
 * is a file in `predictions/` and a line here.
 */
const registry = { calibrationError } as const satisfies Record<string, PredictionSetMetric>;

export type PredictionSetMetricName = keyof typeof registry;
export const predictionSetMetrics: Readonly<Record<PredictionSetMetricName, PredictionSetMetric>> =
  registry;
export const predictionSetMetricNames = Object.keys(registry) as PredictionSetMetricName[];
