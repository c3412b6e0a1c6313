import type { EpochMetrics } from '../records.ts';

/** Which field counts the images that a mean over the test images leaves out, being undefined there. */
const leftOut = {
  inputCorrelation: 'undefinedCorrelations',
  energyInside: 'undefinedEnergies',
  iou: 'undefinedIous',
} as const satisfies Partial<Record<keyof EpochMetrics, keyof EpochMetrics>>;

/** Over how many of the test images a mean is. */
export interface MeanImages {
  defined: number;
  all: number;
}

const isMapMean = (metric: string): metric is keyof typeof leftOut => metric in leftOut;

/** Null for a metric that every test image has, and for one of other images. */
export const meanImages = (metrics: EpochMetrics, metric: string): MeanImages | null =>
  isMapMean(metric)
    ? { defined: metrics.testImages - metrics[leftOut[metric]], all: metrics.testImages }
    : null;

/** Whether a mean is not over all test images. */
export const leavesOut = (images: MeanImages | null): boolean =>
  images !== null && images.defined < images.all;
