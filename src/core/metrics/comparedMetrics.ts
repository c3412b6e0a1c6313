import { z } from 'zod';
import { extentOf } from '../arrays.ts';
import {
  byName,
  comparedExampleMetricNames,
  exampleMetrics,
  isRecorded,
  type ComparedExampleMetricName,
} from './exampleMetrics.ts';
import {
  comparedEpochMetricNames,
  epochMetrics,
  meanImages,
  type ComparedEpochMetricName,
  type EpochMetricName,
} from './epochMetrics.ts';
import {
  completeDefinition,
  type EpochMetric,
  type ExampleMetric,
  type Judgement,
  type PredictionSetMetric,
} from './metric.ts';
import {
  predictionSetMetricNames,
  predictionSetMetrics,
  type PredictionSetMetricName,
} from './predictionSetMetrics.ts';
import type { EpochMetrics } from '../records.ts';

/**
 * What runs are compared by: metrics of a whole epoch, means of those that each image has, and what follows
 * from all predictions together.
 */
export type ComparedMetricName =
  ComparedEpochMetricName | ComparedExampleMetricName | PredictionSetMetricName;
type ComparedMetric = EpochMetric | ExampleMetric | PredictionSetMetric;

export const comparedMetricNames = [
  ...comparedEpochMetricNames,
  ...comparedExampleMetricNames,
  ...predictionSetMetricNames,
] as [ComparedMetricName, ...ComparedMetricName[]];
export const comparedMetrics: Readonly<Record<ComparedMetricName, ComparedMetric>> = {
  ...byName(comparedEpochMetricNames, (name) => epochMetrics[name]),
  ...byName(comparedExampleMetricNames, (name) => exampleMetrics[name]),
  ...predictionSetMetrics,
};
export const comparedMetricSchema = z.enum(comparedMetricNames);

/** Whether every test image has a value of its own, so that a run's is their mean. */
export const isOfExamples = (name: ComparedMetricName): name is ComparedExampleMetricName =>
  comparedExampleMetricNames.some((known) => known === name);

/** Which images a run's mean leaves out, in words; undefined for what leaves none out. */
export function undefinedWhere(name: ComparedMetricName): string | undefined {
  const metric = comparedMetrics[name];
  return 'undefinedWhere' in metric ? metric.undefinedWhere : undefined;
}

/**
 * `True low-conf.: ... below the threshold 0.6; IoU: ...`, for the captions of tables.
 *
 * @param runs that the table is of
 */
export const defineMetrics = (
  names: readonly ComparedMetricName[],
  runs: readonly Judgement[],
): string =>
  names
    .map((name) => {
      const metric: ComparedMetric = comparedMetrics[name];
      return `${metric.heading}: ${completeDefinition(metric, runs, ', ')}`;
    })
    .join('; ');

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

/** `describeOmitted` of one epoch's mean; undefined also for what is no mean of maps. */
export function describeEpochOmitted(
  metrics: EpochMetrics,
  name: EpochMetricName,
): string | undefined {
  const images = meanImages(metrics, name);
  if (images === null || !isRecorded(name)) return undefined;
  return describeOmitted(name, [images.defined], images.all);
}

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
  const [least, most] = extentOf(n);
  if (least >= images) return undefined;
  const over = [...new Set([least, most])].map((value) => count.format(value)).join(' to ');
  const where = undefinedWhere(name);
  return `Mean over ${over} of ${count.format(images)} test images${where === undefined ? '' : `; undefined where ${where}`}`;
}
