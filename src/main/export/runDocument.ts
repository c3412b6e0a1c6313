import { z } from 'zod';
import { epochMetricNames, readMetric } from '../../core/metrics/epochMetrics.ts';
import { paradigmOf } from '../../core/config/objectives.ts';
import { byName } from '../../core/metrics/exampleMetrics.ts';
import {
  runSchema,
  runSummarySchema,
  type EpochMetrics,
  type Run,
  type RunSummary,
} from '../../core/records.ts';

const optional = z.number().nullable();

/** An epoch as JSON for other programs: every metric of the catalogue by its name, null where undefined. */
const epochDocumentSchema = z.strictObject({
  epoch: z.number().int(),
  ...byName(epochMetricNames, () => optional),
  /** The names under which the training terms were first known: `trainCrossEntropy`, `trainContrastive`. */
  crossEntropy: optional,
  contrastive: optional,
  testImages: z.number().int(),
  /** By metric, the test images that its mean leaves out. */
  undefinedImages: z.record(z.string(), z.number().int()),
  numericsVersion: z.number().int(),
});
type EpochDocument = z.infer<typeof epochDocumentSchema>;

/** A run, and what lists know of one, as JSON for other programs. */
export const runDocumentSchema = runSchema.extend({
  /** `C`, `R`, or the terms of another objective. */
  paradigm: z.string(),
  epochs: z.array(epochDocumentSchema),
});
export const summaryDocumentSchema = runSummarySchema.extend({
  paradigm: z.string(),
  best: epochDocumentSchema.nullable(),
  last: epochDocumentSchema.nullable(),
});
export type RunDocument = z.infer<typeof runDocumentSchema>;
export type SummaryDocument = z.infer<typeof summaryDocumentSchema>;

function describeEpoch(metrics: EpochMetrics): EpochDocument {
  const values = byName(epochMetricNames, (name) => readMetric(metrics, name));
  const { epoch, testImages, mapMeans, numericsVersion } = metrics;
  const left = Object.entries(mapMeans).map(([name, mean]) => [name, mean.undefinedImages]);
  return {
    epoch,
    ...values,
    crossEntropy: values.trainCrossEntropy,
    contrastive: values.trainContrastive,
    testImages,
    undefinedImages: Object.fromEntries(left) as Record<string, number>,
    numericsVersion,
  };
}

export const describeRun = (run: Run): RunDocument => ({
  ...run,
  paradigm: paradigmOf(run.config),
  epochs: run.epochs.map(describeEpoch),
});

export const describeSummary = (run: RunSummary): SummaryDocument => ({
  ...run,
  paradigm: paradigmOf(run.config),
  best: run.best && describeEpoch(run.best),
  last: run.last && describeEpoch(run.last),
});
