import { decide } from '../metrics/decide.ts';
import {
  exampleMetrics,
  isRecorded,
  type ReadyMetricName,
  type RecordedMetricName,
} from '../metrics/exampleMetrics.ts';

/** What the figures of a whole test set need of one run's epoch; NaN where undefined. */
export interface PredictionColumns {
  epoch: number;
  classes: number;
  /** [N] */
  exampleIds: Uint32Array;
  labels: Uint8Array;
  /** [N, classes] */
  probabilities: Float32Array;
  /** [N] each */
  measures: Record<RecordedMetricName, Float32Array>;
}

/** A metric of every image, [N]; NaN where undefined. */
export function readColumn(columns: PredictionColumns, name: ReadyMetricName): Float32Array {
  if (isRecorded(name)) return columns.measures[name];
  const { classes, labels, probabilities } = columns;
  const metric = exampleMetrics[name];
  if (metric.of !== 'prediction') throw new RangeError(`${name} is not at hand`);
  return Float32Array.from(labels, (_, i) =>
    metric.measure(probabilities.subarray(i * classes, (i + 1) * classes)),
  );
}

export interface Decisions {
  /** [N] */
  predictedClasses: Uint8Array;
  confidence: Float32Array;
  correct: boolean[];
}

/** The first of the most probable classes of every image, and its probability. */
export function decideAll({ classes, labels, probabilities }: PredictionColumns): Decisions {
  const decisions = Array.from(labels, (_, i) => decide(probabilities, i * classes, classes));
  return {
    predictedClasses: Uint8Array.from(decisions, ({ predictedClass }) => predictedClass),
    confidence: Float32Array.from(decisions, ({ confidence }) => confidence),
    correct: decisions.map(({ predictedClass }, i) => predictedClass === labels[i]),
  };
}
