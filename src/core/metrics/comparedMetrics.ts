import { z } from 'zod';
import { toPercent } from '../formats/decimalText.ts';
import { mapMetricNames } from './mapMetrics.ts';

/** What tables and comparisons say of a metric. Values are stored plain; `percent` ones print × 100. */
export interface ComparedMetric {
  title: string;
  definition: string;
  /** Which way is better; null where neither is. */
  better: 'higher' | 'lower' | null;
  percent?: boolean;
  /** Digits after the point as printed where no uncertainty tells. */
  decimals: number;
  /** Images that a mean leaves out, because the metric is undefined for them. */
  undefinedWhere?: string;
}

const emptyMap = 'the map is all zero';
const emptyMapOrImage = `${emptyMap} or the image has no pixel above 0.5`;

/** Metrics that every test image has of its own; a run's value is their mean. */
const ofExamples = {
  confidence: {
    title: 'Confidence',
    definition: 'largest probability',
    better: null,
    decimals: 3,
  },
  inputCorrelation: {
    title: 'Input corr.',
    definition: 'Pearson’s correlation of map and image',
    better: 'higher',
    decimals: 3,
    undefinedWhere: 'the map or the image is constant',
  },
  energyInside: {
    title: 'Energy inside',
    definition: 'share of the map on pixels above 0.5',
    better: 'higher',
    decimals: 3,
    undefinedWhere: emptyMapOrImage,
  },
  iou: {
    title: 'IoU',
    definition: 'intersection over union of map and image above 0.5',
    better: 'higher',
    decimals: 3,
    undefinedWhere: emptyMapOrImage,
  },
  ssim: {
    title: 'SSIM',
    definition:
      'structural similarity of map and image, Gaussian window of 11 × 11 pixels with deviation 1.5, K 0.01 and 0.03, range 1',
    better: 'higher',
    decimals: 3,
    undefinedWhere: `${emptyMap} or the image smaller than the window`,
  },
  absoluteDistance: {
    title: 'Abs. distance',
    definition: 'mean over pixels of |map − image|',
    better: 'lower',
    decimals: 4,
    undefinedWhere: emptyMap,
  },
  squaredDistance: {
    title: 'Sq. distance',
    definition: 'mean over pixels of (map − image)²',
    better: 'lower',
    decimals: 4,
    undefinedWhere: emptyMap,
  },
  pointing: {
    title: 'Pointing game',
    definition:
      'share of images whose map is largest on a pixel above 0.5; ties count by their share',
    better: 'higher',
    decimals: 3,
    undefinedWhere: emptyMapOrImage,
  },
} as const satisfies Record<string, ComparedMetric>;

/** Metrics of a whole epoch. */
const ofEpochs = {
  accuracy: {
    title: 'Accuracy',
    definition: 'share of the test images predicted right',
    better: 'higher',
    percent: true,
    decimals: 2,
  },
  falsePredictions: {
    title: 'False',
    definition: 'test images predicted wrong',
    better: 'lower',
    decimals: 0,
  },
  trueLowConfidence: {
    title: 'True low-conf.',
    definition: 'test images predicted right with a confidence below the threshold',
    better: 'lower',
    decimals: 0,
  },
  crossEntropy: {
    title: 'Cross-entropy',
    definition: 'mean over the test images',
    better: 'lower',
    decimals: 4,
  },
} as const satisfies Record<string, ComparedMetric>;

export type ExampleMetricName = keyof typeof ofExamples;
export type ComparedMetricName = ExampleMetricName | keyof typeof ofEpochs;

export const comparedMetrics: Readonly<Record<ComparedMetricName, ComparedMetric>> = {
  ...ofEpochs,
  ...ofExamples,
};

export const exampleMetricNames = Object.keys(ofExamples) as [
  ExampleMetricName,
  ...ExampleMetricName[],
];
export const comparedMetricNames = Object.keys(comparedMetrics) as [
  ComparedMetricName,
  ...ComparedMetricName[],
];
export const comparedMetricSchema = z.enum(comparedMetricNames);
export const exampleMetricSchema = z.enum(exampleMetricNames);

/** Whether every test image has a value of its own. */
export const isExampleMetric = (name: ComparedMetricName): name is ExampleMetricName =>
  name in ofExamples;

/** Whether a metric is computed from the stored maps when it is asked for. */
export const isMapMetric = (name: ComparedMetricName): boolean =>
  mapMetricNames.some((mapMetric) => mapMetric === name);

/** A value as it is printed: shares of images in percent. */
export const toPrinted = (name: ComparedMetricName, value: number): number =>
  comparedMetrics[name].percent === true ? toPercent(value) : value;

/** `Accuracy (%)` */
export const printedTitle = (name: ComparedMetricName): string =>
  comparedMetrics[name].percent === true
    ? `${comparedMetrics[name].title} (%)`
    : comparedMetrics[name].title;

/** A run's value of a metric, null where undefined. */
export interface Measure {
  value: number | null;
  /** Test images that it is over: those for which it is defined, and all. */
  n: number;
  images: number;
  /** Of the mean over the test images; null where there is none, as for counts. */
  standardError: number | null;
}
export type RunMeasures = Record<ComparedMetricName, Measure>;

const count = new Intl.NumberFormat('en');

/**
 * What a mean leaves out, as the words after its number would be; undefined where it leaves out none.
 *
 * @param n images with a value, in each of the runs that the number is of
 */
export function describeOmitted(
  name: ComparedMetricName,
  n: readonly number[],
  images: number,
): string | undefined {
  const [least, most] = [Math.min(...n), Math.max(...n)];
  if (least >= images) return undefined;
  const over = [...new Set([least, most])].map((value) => count.format(value)).join(' to ');
  const { undefinedWhere } = comparedMetrics[name];
  const where = undefinedWhere === undefined ? '' : `; undefined where ${undefinedWhere}`;
  return `Mean over ${over} of ${count.format(images)} test images${where}`;
}
