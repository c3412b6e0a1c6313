import type { RunConfig } from '../config/runConfig.ts';
import { toPercent } from '../formats/decimalText.ts';
import type { EpochMetrics } from '../records.ts';
import { describeMask } from './foreground.ts';

/**
 * How a metric's values are written: `share` in percent, `count` whole, `loss` in nats or distances with
 * as many digits as they need, `index` with three decimals, `duration` in ms, `rate` per second.
 */
export type MetricKind = 'share' | 'count' | 'loss' | 'index' | 'duration' | 'rate';

/** What every list, table, chart and document says of a metric. Its key is its name in its registry. */
export interface Metric {
  /** As within a sentence: `input correlation`. */
  title: string;
  /** Above a table's column: `Input corr.` */
  heading: string;
  /** Where there is hardly room, if it differs: `Corr.` */
  short?: string;
  /** In formulas, plain text. */
  symbol: string;
  definition: string;
  /** The definition by another mask than the default one, of which pixels are inside. */
  definitionOn?: (inside: string) => string;
  /** Of the plain values; empty for pure numbers. */
  unit: '' | 'images' | 'nats' | 'ms' | 'images/s';
  kind: MetricKind;
  /** Which way is better; null where neither is. */
  better: 'higher' | 'lower' | null;
  /** Digits after the point as printed where no uncertainty tells. */
  decimals: number;
  /** From the least to the greatest plain value that it can have. */
  range: readonly [number, number];
}

/** What each test image has of its own. */
interface OfExample extends Metric {
  /** Whether comparisons and tables of runs know its mean. */
  compared: boolean;
}

/** Follows from an image's probabilities. */
export interface PredictionMetric extends OfExample {
  of: 'prediction';
  /** @param probabilities [classes] */
  measure: (probabilities: Float32Array) => number;
}

/** Says how a map, that of the predicted class unless told, agrees with its image. */
export interface MapMetric extends OfExample {
  of: 'map';
  /** Images that a mean leaves out, in words. */
  undefinedWhere: string;
  /**
   * Whether every epoch stores it per image, with its mean. The others are computed from the stored
   * 8-bit maps when they are asked for.
   */
  recorded: boolean;
  /**
   * For images of one size [imageSize, imageSize]: from a map and an image, both in [0,1], and the image's
   * mask, 1 inside and 0 outside; NaN where undefined. An all-zero map never comes here (`mapMeasures.ts`).
   */
  createMeasure: (
    imageSize: number,
  ) => (cam: Float32Array, image: Float32Array, mask: Float32Array) => number;
}

export type ExampleMetric = PredictionMetric | MapMetric;

/** The predictions of an epoch's test images. */
export interface Predictions {
  classes: number;
  /** [N] */
  labels: Uint8Array;
  /** [N, classes] */
  probabilities: Float32Array;
}

/** Follows from the predictions of all images together. */
export interface PredictionSetMetric extends Metric {
  of: 'predictions';
  measure: (predictions: Predictions) => number;
}

/** Over how many of the test images a mean is. */
export interface MeanImages {
  defined: number;
  all: number;
}

/** What each epoch of a run has. */
export interface EpochMetric extends Metric {
  /** What it tells of, and so with which others it is drawn. */
  about: 'loss' | 'accuracy' | 'errors' | 'maps' | 'course';
  /** Whether comparisons and tables of runs know it. */
  compared?: boolean;
  /** What a run minimises: of another kind for runs of another objective. */
  isObjective?: boolean;
  /** Counts images by their confidence: its definition is complete with the runs' threshold. */
  usesThreshold?: boolean;
  /** The plain value; null where undefined, or not known of this epoch. */
  read: (metrics: EpochMetrics) => number | null;
  /** Over how many images a mean is that may leave some out. */
  countImages?: (metrics: EpochMetrics) => MeanImages | null;
}

/** What of a run's configuration completes the definitions of its metrics. */
export interface Judgement {
  /** Confidence below which a prediction counts as unsure. */
  threshold: number;
  /** Which pixels of an image are inside, in words. */
  mask: string;
}

export const judgementOf = ({ evaluation, cam }: RunConfig): Judgement => ({
  threshold: evaluation.lowConfidenceThreshold,
  mask: describeMask(cam),
});

/** A definition with what it is of these runs, a joint between what differs. */
export function completeDefinition(
  { definition, definitionOn, usesThreshold }: Metric & Pick<EpochMetric, 'usesThreshold'>,
  runs: readonly Judgement[],
  joint = ' or ',
): string {
  const join = (values: readonly (number | string)[]): string => [...new Set(values)].join(joint);
  if (usesThreshold === true)
    return `${definition} ${join(runs.map(({ threshold }) => threshold))}`;
  return definitionOn === undefined || runs.length === 0
    ? definition
    : definitionOn(join(runs.map(({ mask }) => mask)));
}

const isPercent = ({ kind }: Metric): boolean => kind === 'share';

/** The value as tables and charts print it: shares of images in percent. */
export const toPrinted = (metric: Metric, value: number): number =>
  isPercent(metric) ? toPercent(value) : value;

/** What `toPrinted` values are counted in: `%` for shares, else nothing. */
export const printedUnit = (metric: Metric): string => (isPercent(metric) ? '%' : '');

const withUnit = (metric: Metric, text: string): string =>
  isPercent(metric) ? `${text} (%)` : text;

/** With a capital: `Input correlation`. */
export const capitalTitle = ({ title }: Pick<Metric, 'title'>): string =>
  title.charAt(0).toUpperCase() + title.slice(1);

/** `Test accuracy (%)`: an axis of a chart. */
export const axisTitle = (metric: Metric): string => withUnit(metric, capitalTitle(metric));

/** What a narrow column has above it. */
export const shortHeading = ({ short, heading }: Metric): string => short ?? heading;

/** `Accuracy (%)`: a row or column of a table. */
export const printedHeading = (metric: Metric): string => withUnit(metric, metric.heading);

/** Whether a mean is not over all test images. */
export const leavesOut = (images: MeanImages | null): boolean =>
  images !== null && images.defined < images.all;
