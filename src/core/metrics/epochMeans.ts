import { describeOmitted } from './comparedMetrics.ts';
import type { EpochMetrics } from '../records.ts';

/** An epoch's means over test images that leave some out, and what counts those. */
const undefinedCounts = {
  inputCorrelation: 'undefinedCorrelations',
  energyInside: 'undefinedEnergies',
  iou: 'undefinedIous',
} as const satisfies Partial<Record<keyof EpochMetrics, keyof EpochMetrics>>;
export type EpochMean = keyof typeof undefinedCounts;
export const epochMeans = Object.keys(undefinedCounts) as EpochMean[];

export const isEpochMean = (key: keyof EpochMetrics): key is EpochMean => key in undefinedCounts;

/** Test images that a mean is over. */
export const countDefined = (metrics: EpochMetrics, mean: EpochMean): number =>
  metrics.testImages - metrics[undefinedCounts[mean]];

/** `Mean over 9,245 of 10,000 test images; ...`; undefined where it is over all. */
export const describeMean = (metrics: EpochMetrics, mean: EpochMean): string | undefined =>
  describeOmitted(mean, [countDefined(metrics, mean)], metrics.testImages);
