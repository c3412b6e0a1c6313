import { correlate } from '../correlation.ts';
import type { MapMetric } from '../metric.ts';

export const inputCorrelation = {
  of: 'map',
  title: 'input correlation',
  heading: 'Input corr.',
  short: 'Corr.',
  symbol: 'r(cam, x)',
  definition: 'Pearson’s correlation of map and image',
  unit: '',
  kind: 'index',
  better: 'higher',
  decimals: 3,
  range: [-1, 1],
  compared: true,
  undefinedWhere: 'the map or the image is constant',
  recorded: true,
  createMeasure: () => correlate,
} as const satisfies MapMetric;
