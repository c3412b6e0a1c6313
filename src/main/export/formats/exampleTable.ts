import { decideAll, readColumn } from '../../../core/figures/columns.ts';
import { epochMetricNames, readMetric, meanImages } from '../../../core/metrics/epochMetrics.ts';
import { isRecorded, recordedMetricNames } from '../../../core/metrics/exampleMetrics.ts';
import type { EpochMetrics, ExampleMark } from '../../../core/records.ts';
import type { ExportedExamples } from './format.ts';

/** The values of a column, one for each row. */
export type ColumnValues = Float32Array | Int32Array | Cell[];
/** A value, or several texts. */
export type Cell = boolean | number | string | readonly string[] | null;

/** Columns by name, all of one length. */
export type Columns = Record<string, ColumnValues>;

/** Every test image of an epoch, under the names that `examples --json` has; NaN where undefined. */
export function listExampleColumns(examples: ExportedExamples): Columns {
  const { epoch, classes, exampleIds, labels, probabilities, maskArea } = examples;
  const { predictedClasses, confidence, correct } = decideAll(examples);
  const ofClass = (k: number): Float32Array =>
    Float32Array.from(labels, (_, i) => probabilities[i * classes + k] ?? Number.NaN);
  return {
    exampleId: Int32Array.from(exampleIds),
    epoch: new Int32Array(labels.length).fill(epoch),
    label: Int32Array.from(labels),
    correct,
    predictedClass: Int32Array.from(predictedClasses),
    confidence,
    confidenceMargin: readColumn(examples, 'confidenceMargin'),
    ...Object.fromEntries(Array.from({ length: classes }, (_, k) => [`p${k}`, ofClass(k)])),
    ...Object.fromEntries(recordedMetricNames.map((name) => [name, readColumn(examples, name)])),
    maskArea,
  };
}

/** What people say of the images, one row for each; null where they say nothing. */
export function listMarkColumns(
  exampleIds: Iterable<number>,
  marks: readonly ExampleMark[],
): Columns {
  const known = new Map(marks.map((mark) => [mark.exampleId, mark]));
  const rows = Array.from(exampleIds, (id) => known.get(id));
  return {
    tags: rows.map((mark) => (mark === undefined || mark.tags.length === 0 ? null : mark.tags)),
    note: rows.map((mark) => mark?.note || null),
  };
}

/** Every metric of an epoch by its name in the catalogue, and `NAMEN`, over how many images a mean is. */
export function listEpochValues(metrics: EpochMetrics): Record<string, number | null> {
  return Object.fromEntries([
    ['epoch', metrics.epoch],
    ...epochMetricNames.flatMap((name) => [
      [name, readMetric(metrics, name)],
      ...(isRecorded(name) ? [[`${name}N`, meanImages(metrics, name)?.defined ?? null]] : []),
    ]),
    ['testImages', metrics.testImages],
    ['numericsVersion', metrics.numericsVersion],
  ]) as Record<string, number | null>;
}
