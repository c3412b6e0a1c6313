import { z } from 'zod';
import { runIdSchema } from '../records.ts';
import { epochChoiceSchema } from '../statistics/comparison.ts';
import { auditCurves, auditedSchema } from './audit.ts';
import { trustMeasureSchema } from './measures.ts';

/** One audited run, or two on the same images. */
export const auditQuerySchema = z.strictObject({
  runIds: z.array(runIdSchema).min(1).max(2),
  epoch: epochChoiceSchema.default('best'),
  /** Ways to explain; null: all that were audited. */
  methods: z.array(auditedSchema).min(1).nullable().default(null),
  /** What is told, and tested where there are two runs; null: all. The fewer, the less Holm's adjustment takes. */
  measures: z.array(trustMeasureSchema).min(1).nullable().default(null),
  bootstrapSeed: z.number().int().min(0).max(2_147_483_647).default(1),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

const optional = z.number().nullable();

/** A mean over the images that have a value, with its 95% interval by Student's t. */
const estimateSchema = z.object({
  n: z.number().int(),
  mean: optional,
  low: optional,
  high: optional,
});
export type Estimate = z.infer<typeof estimateSchema>;

/** Differences second - first over the images that both have a value of: paired bootstrap. */
const differenceSchema = z.object({
  n: z.number().int(),
  difference: z.number(),
  low: z.number(),
  high: z.number(),
  pValue: z.number(),
  /** By Holm's method over all tests of the report. */
  adjusted: z.number(),
  cohensD: optional,
});
export type AuditDifference = z.infer<typeof differenceSchema>;

const rowSchema = z.object({
  method: auditedSchema,
  measure: trustMeasureSchema,
  /** In the order of the sides. */
  estimates: z.array(estimateSchema),
  /** Null for one run, and where no image has a value on both sides. */
  difference: differenceSchema.nullable(),
});
export type AuditRow = z.infer<typeof rowSchema>;

const curveSchema = z.object({
  method: auditedSchema,
  curve: z.enum(auditCurves),
  side: z.number().int(),
  points: z.array(estimateSchema),
});
export type AuditCurveEstimates = z.infer<typeof curveSchema>;

/** What audits say of a run, or of two beside each other. */
export const auditReportSchema = z.object({
  sides: z.array(
    z.object({ label: z.string(), runId: z.string(), name: z.string(), epoch: z.number().int() }),
  ),
  /** Images audited. */
  images: z.number().int(),
  seed: z.number().int(),
  methods: z.array(auditedSchema),
  rows: z.array(rowSchema),
  curves: z.array(curveSchema),
  /** What was randomised, from the output down: the points of cascades. */
  layers: z.array(z.string()),
  /** Of each side, mean rank correlations between methods; null where none is defined. */
  agreement: z.array(
    z.object({ methods: z.array(auditedSchema), matrix: z.array(z.array(optional)) }),
  ),
  tests: z.number().int(),
  resamples: z.number().int(),
  bootstrapSeed: z.number().int(),
  warnings: z.array(z.string()),
});
export type AuditReport = z.infer<typeof auditReportSchema>;

/** An image as a number of the table leads to it. */
export const auditedImageSchema = z.object({
  exampleId: z.number().int(),
  /** In the order of the sides; null where undefined. */
  values: z.array(optional),
});
export type AuditedImageValue = z.infer<typeof auditedImageSchema>;

/** One way to explain that was audited at one epoch, without its values. */
export const auditEntrySchema = z.object({
  epoch: z.number().int(),
  method: auditedSchema,
  examples: z.number().int(),
  createdAt: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
