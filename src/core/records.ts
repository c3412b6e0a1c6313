import { z } from 'zod';
import { lossTermNames } from './config/objectives.ts';
import { runConfigSchema, seedSchema } from './config/runConfig.ts';
import {
  byName,
  derivedMetricNames,
  exampleMetricNames,
  exampleMetrics,
  predictionMetricNames,
  recordedMetricNames,
  type ExampleMetricName,
} from './metrics/exampleMetrics.ts';
import { tagChangeSchema, tagsSchema } from './tags.ts';

/** A run's id, or as much of it as a call may name. */
export const runIdSchema = z.string().min(1).max(64);

/** Life of a run. `interrupted`: its trainer or owner died; `paused`: stopped on request, resumable. */
export const runStatusSchema = z.enum([
  'queued',
  'running',
  'paused',
  'stopped',
  'completed',
  'failed',
  'interrupted',
]);
export type RunStatus = z.infer<typeof runStatusSchema>;

/** What computed a run's numbers: with the config and the seed, all that determines their bits. */
export const engineInfoSchema = z.object({
  name: z.enum(['wasm', 'native']),
  device: z.string(),
  threads: z.number().int().min(1),
  deterministic: z.boolean(),
  versions: z.record(z.string(), z.string()),
});
export type EngineInfo = z.infer<typeof engineInfoSchema>;

export const engineNames = engineInfoSchema.shape.name.options;
export type EngineName = EngineInfo['name'];

/** Whether the last digits of what an engine computes depend on its threads; the embedded one's do not. */
export const dependsOnThreads = (engine: EngineName): boolean => engine === 'native';

/** How far sums in float32 may pass what they should be. */
const rounding = 1e-6;
/** A share or probability. */
const share = () =>
  z
    .number()
    .min(0)
    .max(1 + rounding);

/** Means of an objective's terms, unweighted; a term that the objective does not have is left out. */
const termMeansSchema = z.partialRecord(z.enum(lossTermNames), z.number());
export type TermMeans = z.infer<typeof termMeansSchema>;

/** A mean over the test images for which it is defined; null where it is for none. */
const mapMeanSchema = z.object({
  mean: z.number().nullable(),
  undefinedImages: z.number().int().min(0),
});

/**
 * One epoch of one run; epoch 0 is the untrained model and has no training figures (null).
 * Means over test images leave out images whose value is undefined, and say how many those are. One
 * rule: a measure of a map is undefined where the map is all zero; energy and IoU also where the image
 * has no pixel above 0.5; the correlation also where map or image is constant.
 */
export const epochMetricsSchema = z.object({
  epoch: z.number().int().min(0),
  /** Mean objective over the epoch's training images, dropout on. */
  trainLoss: z.number().nullable(),
  /** Share of training images right during the epoch, dropout on. */
  trainAccuracy: share().nullable(),
  /** Objective on the validation split in evaluation mode; early stopping watches it. */
  validationLoss: z.number(),
  /** By split: none of the training images at epoch 0. */
  terms: z.object({
    train: termMeansSchema,
    validation: termMeansSchema,
    /** Training batches that lacked pairs of images which a term compares; absent where none does. */
    unpairedBatches: z.number().int().min(0).optional(),
  }),
  validationAccuracy: share(),
  testAccuracy: share(),
  testCrossEntropy: z.number(),
  /** Test images predicted wrong. */
  falsePredictions: z.number().int().min(0),
  /** Test images right, but with a confidence below the run's threshold. */
  trueLowConfidence: z.number().int().min(0),
  /** By metric; one that this epoch's code did not record is left out. */
  mapMeans: z.partialRecord(z.enum(recordedMetricNames), mapMeanSchema),
  /** Test images evaluated: what n of a mean is out of. */
  testImages: z.number().int().min(0),
  zeroMaps: z.number().int().min(0),
  /** Training batches in which a term was set to zero because an operand held a NaN. */
  nanBatches: z.number().int().min(0),
  learningRate: z.number().nullable(),
  /** Wall clock of training and evaluation of this epoch. */
  durationMs: z.number().min(0),
  evaluationMs: z.number().min(0),
  /** Training images per second; null at epoch 0. */
  imagesPerSecond: z.number().min(0).nullable(),
  /** Which arithmetic computed these numbers (`numericsVersion.ts`). */
  numericsVersion: z.number().int().min(1),
});
export type EpochMetrics = z.infer<typeof epochMetricsSchema>;

export const runErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  /** Last lines of the trainer's output, oldest first. */
  log: z.array(z.string()),
});
export type RunError = z.infer<typeof runErrorSchema>;

export const runSchema = z.object({
  id: z.string(),
  name: z.string(),
  experiment: z.string(),
  status: runStatusSchema,
  config: runConfigSchema,
  seed: seedSchema,
  /**
   * SHA-256 of the data set that the run is trained and tested on; null until it has begun. What
   * `config.data.dataset` calls it may be the name of another set here.
   */
  datasetId: z.string().nullable(),
  /** Null until a trainer has reported it. */
  engine: engineInfoSchema.nullable(),
  epochs: z.array(epochMetricsSchema),
  /** Epoch with the lowest validation loss, the earliest of equals; null before epoch 1. */
  bestEpoch: z.number().int().nullable(),
  tags: z.array(z.string()),
  note: z.string(),
  error: runErrorSchema.nullable(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  /** Set while the run lies in the bin. */
  deletedAt: z.iso.datetime().nullable(),
});
export type Run = z.infer<typeof runSchema>;

/** A run as a list shows it: the epochs folded into what a row needs. */
export const runSummarySchema = runSchema.omit({ epochs: true }).extend({
  /** Metrics of `bestEpoch`; null before epoch 1. */
  best: epochMetricsSchema.nullable(),
  /** Metrics of the last epoch stored; null before epoch 0. */
  last: epochMetricsSchema.nullable(),
  /** By epoch, from 0: the row's spark line. */
  validationLosses: z.array(z.number()),
  /** As `trainingTimeMs` has it of the epochs stored. */
  trainingMs: z.number().min(0),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

function valueOf(name: ExampleMetricName): z.ZodNumber {
  const [least, most] = exampleMetrics[name].range;
  return z
    .number()
    .min(least < 0 ? least - rounding : least)
    .max(most + rounding);
}

/** What people say of one test image of a data set; the same in every run that shows it. */
export const exampleMarkSchema = z.object({
  exampleId: z.number().int().min(0),
  /** Each once, in alphabetical order. */
  tags: tagsSchema,
  note: z.string().max(100_000),
});
export type ExampleMark = z.infer<typeof exampleMarkSchema>;

/** A note that is not given stays as it is. */
export const exampleMarkChangeSchema = tagChangeSchema.extend({
  exampleId: exampleMarkSchema.shape.exampleId,
  note: exampleMarkSchema.shape.note.optional(),
});
export type ExampleMarkChange = z.input<typeof exampleMarkChangeSchema>;

/** One test image of one run at one epoch, as a list or gallery shows it. */
export const exampleSchema = z.object({
  /** Index in the data set's whole test split, whatever subset a run evaluates. */
  exampleId: z.number().int().min(0),
  epoch: z.number().int().min(0),
  label: z.number().int().min(0),
  predictedClass: z.number().int().min(0),
  correct: z.boolean(),
  probabilities: z.array(share()),
  ...byName(predictionMetricNames, valueOf),
  /** Null where undefined. */
  ...byName(recordedMetricNames, (name) => valueOf(name).nullable()),
  /** Share of pixels with x > 0.5: what energyInside would be for a uniform map. */
  maskArea: share(),
  /** Computed from the stored map where a query asks for them. */
  ...byName(derivedMetricNames, (name) => valueOf(name).nullable().optional()),
  /** What people say of the image, where they do. */
  tags: exampleMarkSchema.shape.tags.optional(),
  note: exampleMarkSchema.shape.note.optional(),
});
export type Example = z.infer<typeof exampleSchema>;

/** An example as the command line hands it out: with what its classes are called. */
export const namedExampleSchema = exampleSchema.extend({
  labelName: z.string(),
  predictedName: z.string(),
});
export type NamedExample = z.infer<typeof namedExampleSchema>;

export const exampleFilterSchema = z.enum([
  'all',
  'misclassified',
  'low-confidence',
  'true-low-confidence',
  'confident-misclassified',
]);
export type ExampleFilter = z.infer<typeof exampleFilterSchema>;

export const exampleSortSchema = z.enum(['exampleId', ...exampleMetricNames]);
export type ExampleSort = z.infer<typeof exampleSortSchema>;

/** `filters` intersect; `sort` ascends unless `descending`, ties by exampleId, undefined values last. */
export const exampleQuerySchema = z.strictObject({
  runId: z.string(),
  /** Null: the run's best epoch, or its last where there is no best one. */
  epoch: z.number().int().min(0).nullable().default(null),
  filters: z.array(exampleFilterSchema).default([]),
  /** Only images with this label. */
  label: z.number().int().min(0).nullable().default(null),
  predictedClass: z.number().int().min(0).nullable().default(null),
  threshold: z.number().gt(0).lt(1).default(0.6),
  sort: exampleSortSchema.default('exampleId'),
  descending: z.boolean().default(false),
  limit: z.number().int().min(1).nullable().default(null),
  /** Whether to compute the metrics that are not stored; sorting by one of them does so too. */
  mapMetrics: z.boolean().optional(),
  /** Only images that people gave this tag. */
  tag: z.string().optional(),
});
export type ExampleQuery = z.infer<typeof exampleQuerySchema>;

/** The class activation map of one image at one epoch. */
export const camFrameSchema = z.object({
  epoch: z.number().int().min(0),
  targetClass: z.number().int().min(0),
  /** Native map M, rows of values >= 0: the stored 8-bit levels times their scale / 255. */
  map: z.array(z.array(z.number())),
  /** Map at the input's size in [0,1], reconstructed from `map` exactly as in training. */
  cam: z.array(z.array(z.number())),
  confidence: share(),
  predictedClass: z.number().int().min(0),
  label: z.number().int().min(0),
  /** What the three classes are called. */
  targetName: z.string(),
  predictedName: z.string(),
  labelName: z.string(),
});
export type CamFrame = z.infer<typeof camFrameSchema>;

const channelValues = z.union([z.number(), z.array(z.number()).length(3)]);

export const datasetRecordSchema = z.object({
  name: z.string(),
  /** SHA-256 of the stored content, hex. */
  id: z.string(),
  /** Height and width of every image, pixels. */
  imageSize: z.number().int(),
  /** 1 for grey images, 3 for red, green and blue. */
  channels: z.union([z.literal(1), z.literal(3)]),
  classNames: z.array(z.string()),
  trainCounts: z.array(z.number().int()),
  testCounts: z.array(z.number().int()),
  /** Of a set that brings a mask for each image; others say nothing, as before there were such. */
  masks: z.literal(true).optional(),
  /** Of the training split's pixels in [0,1]; of colour images one per channel. */
  mean: channelValues,
  standardDeviation: channelValues,
  source: z.string(),
  /** SHA-256 per file read, hex. */
  sourceChecksums: z.record(z.string(), z.string()),
  importedAt: z.iso.datetime(),
});
export type DatasetRecord = z.infer<typeof datasetRecordSchema>;
