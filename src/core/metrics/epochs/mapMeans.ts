import type { EpochMetrics } from '../../records.ts';
import {
  byName,
  mapMetrics,
  recordedMetricNames,
  type RecordedMetricName,
} from '../exampleMetrics.ts';
import type { EpochMetric, MeanImages } from '../metric.ts';

function countImages(
  { mapMeans, testImages }: EpochMetrics,
  name: RecordedMetricName,
): MeanImages | null {
  const mean = mapMeans[name];
  return mean === undefined
    ? null
    : { defined: testImages - mean.undefinedImages, all: testImages };
}

/** The mean of every recorded map metric, over the test images for which it is defined. */
export const mapMeans: Record<RecordedMetricName, EpochMetric> = byName(
  recordedMetricNames,
  (name): EpochMetric => {
    const { definition, definitionOn, ...metric } = mapMetrics[name];
    const { title, heading, short, symbol, unit, kind, better, decimals, range } = metric;
    const overImages = (defined: string): string => `${defined}, mean over the test images`;
    return {
      ...{ title, heading, symbol, unit, kind, better, decimals, range },
      ...(short !== undefined && { short }),
      about: 'maps',
      definition: overImages(definition),
      ...(definitionOn !== undefined && {
        definitionOn: (inside: string) => overImages(definitionOn(inside)),
      }),
      read: (metrics) => metrics.mapMeans[name]?.mean ?? null,
      countImages: (metrics) => countImages(metrics, name),
    };
  },
);

export const zeroMaps = {
  about: 'course',
  title: 'all-zero maps',
  heading: 'Zero maps',
  symbol: '',
  definition: 'test images whose map is zero everywhere',
  unit: 'images',
  kind: 'count',
  better: null,
  decimals: 0,
  range: [0, Infinity],
  read: (metrics) => metrics.zeroMaps,
} as const satisfies EpochMetric;
