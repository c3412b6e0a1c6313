import { z } from 'zod';
import { comparedMetricSchema } from '../metrics/comparedMetrics.ts';
import { comparedExampleMetricSchema } from '../metrics/exampleMetrics.ts';
import { venueNames } from '../figures/style.ts';
import { runIdSchema } from '../records.ts';

/** Each run's best epoch (its last one where there is no best yet), its last one, or one for all. */
export const epochChoiceSchema = z.union([z.enum(['best', 'last']), z.number().int().min(0)]);
export type EpochChoice = z.infer<typeof epochChoiceSchema>;

export const bootstrapResamples = 10_000;
/** Tests are called significant nowhere; warnings speak of this level. */
export const usualLevel = 0.05;

/** A row or a column per run in what is read; `auto`: whichever is narrower. */
export const tableLayouts = ['auto', 'rows', 'columns'] as const;
export type TableLayout = (typeof tableLayouts)[number];

const runIds = z.array(runIdSchema).max(200);

/** Two runs are compared on their examples, more of them over seeds. */
export const comparisonQuerySchema = z.strictObject({
  runIds: runIds.min(2),
  epoch: epochChoiceSchema.default('best'),
  /** Of the bootstrap's draws. */
  bootstrapSeed: z.number().int().min(0).max(2_147_483_647).default(1),
  /** What is tested; null: every metric. The fewer, the less Holm's adjustment takes. */
  metrics: z.array(comparedMetricSchema).min(1).nullable().default(null),
});
export type ComparisonQuery = z.infer<typeof comparisonQuerySchema>;

/** `text` is for terminals: columns in line, nothing escaped. */
export const tableFormats = ['text', 'md', 'tex', 'csv', 'json'] as const;
export type TableFormat = (typeof tableFormats)[number];

export const metricTableQuerySchema = z.strictObject({
  runIds: runIds.min(1),
  epoch: epochChoiceSchema.default('best'),
  /** Columns in this order; null: the usual ones. */
  metrics: z.array(comparedMetricSchema).min(1).nullable().default(null),
  /** A row per run, or one per group of runs that differ by their seed alone. */
  group: z.enum(['none', 'seeds']).default('none'),
  boldBest: z.boolean().default(false),
  format: z.enum(tableFormats),
  /** Columns by their keys in CSV, in this order; null: all. */
  fields: z.array(z.string().max(64)).min(1).nullable().default(null),
  layout: z.enum(tableLayouts).default('auto'),
  /** Where LaTeX has to fit. */
  venue: z.enum(venueNames).nullable().default(null),
  /** Characters that fit a line of `text`; null: any number. */
  lineLength: z.number().int().min(20).nullable().default(null),
});
export type MetricTableQuery = z.infer<typeof metricTableQuerySchema>;

/** What tables are as JSON: numbers in full precision, a column's unit applied. */
export const tableDocumentSchema = z.object({
  caption: z.string(),
  columns: z.array(z.object({ key: z.string(), title: z.string(), unit: z.string() })),
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
});

const comparedRunSchema = z.object({
  runId: z.string(),
  name: z.string(),
  seed: z.number().int(),
  epoch: z.number().int(),
  /** Of the epoch's numbers. */
  numericsVersion: z.number().int(),
});

const sideSchema = z.object({
  /** What tells the sides apart in a table: `C`, `R`, a name. */
  label: z.string(),
  runs: z.array(comparedRunSchema),
});
export type ComparedSide = z.infer<typeof sideSchema>;

const pValue = z.number().min(0).max(1);

/** A p-value, alone and adjusted by Holm's method for all tests of its kind in the comparison. */
const tested = z.object({ pValue, adjusted: pValue });

/**
 * The smallest p-values that a test could have given, whatever it tests: of so many pairs, and adjusted
 * if every other test had given its smallest too. Above a level, they leave nothing to be found at it.
 */
const attainable = tested;

/** Of differences B - A: Cohen's d for pairs, matched-pairs rank-biserial; null where undefined. */
const effects = { cohensD: z.number().nullable(), rankBiserial: z.number().nullable() };

/** A metric over pairs. Shares are plain, not percentages; `difference` is the mean of B - A. */
const pairedMetric = {
  /** Pairs compared, and those left out because a value is undefined on either side. */
  n: z.number().int(),
  excluded: z.number().int(),
  meanA: z.number().nullable(),
  meanB: z.number().nullable(),
  difference: z.number().nullable(),
  /** 95% interval of the difference. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  ...effects,
};

/** Two runs on the same test images. */
export const exampleComparisonSchema = z.object({
  kind: z.literal('examples'),
  a: sideSchema,
  b: sideSchema,
  examples: z.number().int(),
  /** McNemar's exact test; `oddsRatio` is onlyB / onlyA, null where infinite or 0 / 0. */
  predictions: z.object({
    bothRight: z.number().int(),
    onlyA: z.number().int(),
    onlyB: z.number().int(),
    bothWrong: z.number().int(),
    accuracyA: z.number(),
    accuracyB: z.number(),
    difference: z.number(),
    low: z.number(),
    high: z.number(),
    oddsRatio: z.number().nullable(),
    oddsLow: z.number().nullable(),
    oddsHigh: z.number().nullable(),
    test: tested.extend({ attainable }),
  }),
  /** Paired bootstrap of means, percentile intervals. */
  metrics: z.array(
    z.object({ metric: comparedExampleMetricSchema, ...pairedMetric, test: tested.nullable() }),
  ),
  resamples: z.number().int(),
  bootstrapSeed: z.number().int(),
  warnings: z.array(z.string()),
});
export type ExampleComparison = z.infer<typeof exampleComparisonSchema>;

/** Runs of two configurations paired by seed; a pair's values are its runs' means. */
export const seedComparisonSchema = z.object({
  kind: z.literal('seeds'),
  a: sideSchema,
  b: sideSchema,
  seeds: z.array(z.number().int()),
  metrics: z.array(
    z.object({
      metric: comparedMetricSchema,
      ...pairedMetric,
      deviationA: z.number().nullable(),
      deviationB: z.number().nullable(),
      /** Student's paired t; null where the differences do not vary or there are fewer than two. */
      tTest: tested.extend({ t: z.number(), degrees: z.number().int() }).nullable(),
      /** Wilcoxon's signed ranks, exact; null where every difference is 0. */
      wilcoxon: tested
        .extend({
          statistic: z.number(),
          zeros: z.number().int(),
          tied: z.number().int(),
          attainable,
        })
        .nullable(),
    }),
  ),
  warnings: z.array(z.string()),
});
export type SeedComparison = z.infer<typeof seedComparisonSchema>;

export const comparisonSchema = z.discriminatedUnion('kind', [
  exampleComparisonSchema,
  seedComparisonSchema,
]);
export type Comparison = z.infer<typeof comparisonSchema>;
