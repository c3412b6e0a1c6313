import type { EpochMetric } from '../metric.ts';

const accuracy = {
  about: 'accuracy',
  symbol: '',
  unit: '',
  kind: 'share',
  better: 'higher',
  decimals: 2,
  range: [0, 1],
} as const;

export const trainAccuracy = {
  ...accuracy,
  title: 'training accuracy',
  heading: 'Training accuracy',
  definition: 'share of the training images predicted right, with dropout',
  read: (metrics) => metrics.trainAccuracy,
} as const satisfies EpochMetric;

export const validationAccuracy = {
  ...accuracy,
  title: 'validation accuracy',
  heading: 'Validation accuracy',
  short: 'Val. acc.',
  definition: 'share of the validation images predicted right',
  read: (metrics) => metrics.validationAccuracy,
} as const satisfies EpochMetric;

export const testAccuracy = {
  ...accuracy,
  title: 'test accuracy',
  heading: 'Accuracy',
  definition: 'share of the test images predicted right',
  compared: true,
  read: (metrics) => metrics.testAccuracy,
} as const satisfies EpochMetric;
