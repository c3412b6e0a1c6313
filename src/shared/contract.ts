import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { calibrationSchema } from '../core/metrics/calibration.ts';
import { comparedMetricSchema } from '../core/metrics/comparedMetrics.ts';
import {
  comparisonQuerySchema,
  comparisonSchema,
  metricTableQuerySchema,
  tableFormats,
} from '../core/statistics/comparison.ts';
import { auditedSchema } from '../core/trust/audit.ts';
import {
  auditEntrySchema,
  auditedImageSchema,
  auditQuerySchema,
  auditReportSchema,
} from '../core/trust/auditReport.ts';
import { trustMeasureSchema } from '../core/trust/measures.ts';
import { errorCodes } from '../core/errors.ts';
import { runSizesSchema } from '../core/runSizes.ts';
import { weightLayouts } from '../core/formats/foreignWeights.ts';
import { lrpRules } from '../core/explainers/lrpRules.ts';
import { explainerSchema, layerGradientSchema } from '../core/explainers/registry.ts';
import {
  datasetRecordSchema,
  engineInfoSchema,
  engineNames,
  exampleMarkChangeSchema,
  exampleMarkSchema,
  exampleQuerySchema,
  exampleSchema,
  runIdSchema,
  runSchema,
  runSummarySchema,
} from '../core/records.ts';
import { tagChangeSchema } from '../core/tags.ts';
import { epochCount } from '../core/config/fields.ts';
import { runConfigSchema, seedSchema } from '../core/config/runConfig.ts';
import {
  imageChoices,
  datasetImport,
  datasetPreviewSchema,
  placeSchema,
  publishedEntrySchema,
} from './datasetCalls.ts';
import { bundlePieceBytes, bundleStepSchema, importResultSchema } from './bundleCalls.ts';
import {
  builtFigureSchema,
  figureFiles,
  figureName,
  figureSpecification,
  savedFigureSchema,
} from './figureCalls.ts';
import { workbenchEventSchema } from './events.ts';
import { exportFilesSchema } from './exportCalls.ts';
import { longTaskSchema } from './longTask.ts';
import { procedure } from './procedure.ts';
import { estimateSchema } from './estimate.ts';
import { studyCalls } from './studyCalls.ts';

/**
 * Every call and event stream between the workbench and whoever uses it. Client, server, their types
 * and the tests' doubles derive from this object alone.
 *
 * Large arrays cross as a Blob that holds a safetensors file (`safetensors.ts`); each such call says
 * which tensors it holds.
 */

const runId = runIdSchema;
const runIds = z.array(runId).min(1).max(10_000);
const one = z.strictObject({ runId });
const oneExample = one.extend({ exampleId: z.number().int().min(0) });
const several = z.strictObject({ runIds });
const nothing = z.strictObject({});
const tensors = z.instanceof(Blob);
/** Whose score is explained: what an epoch predicts, the truth, or a class by its number. */
const explainedTarget = z.union([z.enum(['predicted', 'label']), z.number().int().min(0).max(255)]);

const onePiece = z.strictObject({ bundleId: z.string(), offset: z.number().int().min(0) });

/** A file that comes in pieces; errors call it by its name. */
const sentFile = z.strictObject({
  name: z.string().min(1).max(1000),
  bytes: z
    .number()
    .int()
    .min(0)
    .max(2 ** 40),
});

export const newRunSchema = z.strictObject({
  name: z.string().min(1).max(200),
  experiment: z.string().min(1).max(200),
  config: runConfigSchema,
  seed: seedSchema,
});
export type NewRun = z.infer<typeof newRunSchema>;

/** What is to be known of weights besides their file. */
const weightsChoicesSchema = z.object({
  /** The run that they become; its data set is one of the library, by name. */
  run: newRunSchema,
  /** See `adoptWeights`. */
  names: z.record(z.string(), z.string()).default({}),
  epsilon: z.number().positive().nullable().default(null),
});

const importedWeightsSchema = z.object({
  runId,
  layout: z.enum(weightLayouts),
  epsilon: z.number(),
});
export type ImportedWeights = z.infer<typeof importedWeightsSchema>;

export const engineStatusSchema = z.object({
  name: z.enum(engineNames),
  available: z.boolean(),
  /** Whether runs use it unless told otherwise. */
  isDefault: z.boolean(),
  /** Why it is not available, and what to do; empty where it is. */
  reason: z.string(),
  info: engineInfoSchema.nullable(),
});
export type EngineStatus = z.infer<typeof engineStatusSchema>;

const epochs = epochCount();
/** See `Extension`. */
export const extensionSchema = z.object({
  differences: z.array(z.string()),
  repeated: z.number().int().min(0),
});

export const savedFilterSchema = z.strictObject({
  name: z.string().min(1).max(100),
  /** The query string of the runs view. */
  query: z.string().max(4096),
});

export const cacheInfoSchema = z.object({ bytes: z.number(), limitBytes: z.number() });
export type CacheInfo = z.infer<typeof cacheInfoSchema>;

/** Epochs of runs, as many as a comparison takes. */
const runEpochs = z.object({
  runs: z
    .array(z.object({ runId, epoch: z.number().int().min(0) }))
    .min(1)
    .max(200),
});

export const contract = {
  events: procedure.input(nothing).output(eventIterator(workbenchEventSchema)),

  runs: {
    /**
     * Those outside the bin, newest first, or in it, last deleted first. In pieces, the first of them
     * short: a page has rows to show at once, and neither end is busy with all runs in one turn.
     */
    list: procedure
      .input(z.strictObject({ deleted: z.boolean().default(false) }))
      .output(eventIterator(z.array(runSummarySchema), z.void())),
    get: procedure.input(one).output(runSchema),
    create: procedure
      .input(
        z.strictObject({
          runs: z.array(newRunSchema).min(1).max(1000),
          engine: z.enum(engineNames).nullable(),
          /** Whether they keep it when they have completed; left out: as `history.keepCheckpoints` said. */
          keepCheckpoints: z.boolean().optional(),
        }),
      )
      .output(z.array(runSummarySchema)),
    /** Refuses, as `create` does, what could not begin. */
    estimate: procedure
      .input(
        z.strictObject({
          configs: z.array(runConfigSchema).min(1).max(1000),
          /** Null: the one that runs take where none is asked for. */
          engine: z.enum(engineNames).nullable().default(null),
        }),
      )
      .output(estimateSchema),
    rename: procedure.input(one.extend({ name: newRunSchema.shape.name })).output(runSummarySchema),
    note: procedure.input(one.extend({ note: z.string().max(100_000) })).output(runSummarySchema),
    tag: procedure.input(one.extend(tagChangeSchema.shape)).output(runSummarySchema),
    delete: procedure.input(several).output(z.array(runSummarySchema)),
    restore: procedure.input(several).output(z.array(runSummarySchema)),
    purge: procedure.input(several).output(z.void()),
    /**
     * This and the two below ask the process that trains a run, where that is another: its answer
     * follows as an event.
     */
    pause: procedure.input(one).output(runSummarySchema),
    /**
     * Also starts a queued run's trainer before its turn has come, unless `inTurn`. With `epochs`, a completed run is trained
     * further to so many in all; one that has not completed gets another number of them.
     */
    resume: procedure
      .input(one.extend({ epochs: epochs.optional(), inTurn: z.boolean().optional() }))
      .output(runSummarySchema),
    /** What `resume` with `epochs` would do; throws what that would throw. */
    extension: procedure.input(one.extend({ epochs })).output(extensionSchema),
    /** Ends a run for good, keeping its epochs. */
    stop: procedure.input(one).output(runSummarySchema),
    reorder: procedure.input(several).output(z.array(runId)),
    /** Gives up weights of all epochs but the best and the last, or kept checkpoints, for their space. */
    thin: procedure
      .input(several.extend({ weights: z.boolean(), checkpoints: z.boolean() }))
      .output(eventIterator(longTaskSchema, z.void())),
    /** The order in which queued runs will start, those of other processes among them. */
    queue: procedure.input(nothing).output(z.array(runId)),
    /** Lasts until the last piece has been read; leaving it cancels and removes what there is. */
    exportBundle: procedure
      .input(several.extend({ withData: z.boolean().default(false) }))
      .output(eventIterator(bundleStepSchema, z.void())),
    /** The same of runs for other programs: `readBundle` gives the pieces of their file. */
    exportFiles: procedure
      .input(exportFilesSchema)
      .output(eventIterator(bundleStepSchema, z.void())),
    /** The report of a study as a ZIP archive, the same way. */
    exportReport: procedure
      .input(z.strictObject({ studyId: z.string() }))
      .output(eventIterator(bundleStepSchema, z.void())),
    readBundle: procedure.input(onePiece).output(z.instanceof(Blob)),
    /**
     * Takes a bundle in pieces, which follow on each other, then imports it; leaving it cancels and
     * removes what there is. `name` is what errors call the bundle.
     */
    importBundle: procedure
      .input(sentFile)
      .output(eventIterator(bundleStepSchema, importResultSchema)),
    /** The same of weights that another program saved, a safetensors file; they become a run. */
    importWeights: procedure
      .input(sentFile.extend(weightsChoicesSchema.shape))
      .output(eventIterator(bundleStepSchema, importedWeightsSchema)),
    sendBundle: procedure
      .input(
        onePiece.extend({
          piece: z
            .instanceof(Blob)
            .refine(({ size }) => size > 0 && size <= bundlePieceBytes, 'is empty or too long'),
        }),
      )
      .output(z.void()),
  },

  examples: {
    list: procedure.input(exampleQuerySchema).output(z.array(exampleSchema)),
    /** Tags and notes of a data set's test images, by its content; images without any are left out. */
    marks: procedure
      .input(z.strictObject({ datasetId: z.string() }))
      .output(z.array(exampleMarkSchema)),
    /** Gives tags to one of them and takes others; a note replaces the one it has. */
    mark: procedure
      .input(z.strictObject({ datasetId: z.string(), ...exampleMarkChangeSchema.shape }))
      .output(exampleMarkSchema),
    /**
     * Every evaluated image of one epoch, N in all: exampleIds U32 [N], labels U8 [N],
     * predictedClasses U8 [N], probabilities F32 [N, classes], every recorded metric by its name and
     * maskArea F32 [N] (NaN where undefined), camLevels U8 [N, h, h] and camScales F32 [N] of the
     * predicted classes. Metadata: classNames (JSON), imageSize, channels (1 or 3).
     */
    epoch: procedure.input(one.extend({ epoch: z.number().int().min(0) })).output(tensors),
    /**
     * One image over all E stored epochs: epochs U32 [E], label U8 [1], probabilities F32
     * [E, classes], every recorded metric by its name F32 [E], predictedLevels U8 [E, h, h],
     * predictedScales F32 [E], labelLevels, labelScales the same for the label's maps, image U8
     * [S, S] or [S, S, 3], and mask U8 [S, S], 1 inside, of a set with masks. Metadata: classNames (JSON), imageSize, channels. Where the image cannot be had, there is none,
     * and imageProblem (JSON: code, message, remedy) says why.
     */
    history: procedure.input(oneExample).output(tensors),
    /**
     * The same image's maps of every class over the same epochs, computed anew from the weights by the
     * explainer named: levels U8 [classes, E, h, h], scales F32 [classes, E].
     */
    classMaps: procedure
      .input(oneExample.extend({ method: layerGradientSchema.default('gradcam') }))
      .output(tensors),
    /**
     * What an epoch's network makes of the same image, by M methods (docs/explainers.md) with options of
     * their own. Returns a safetensors file in base64: maps F32 [M, S, S], negative where a method is
     * signed and a pixel speaks against the class, zero where it cannot explain; targetClass U8 [1],
     * durationsMs F32 [M]. Metadata: problems (JSON: for each method null, or code, message and remedy),
     * likenesses (JSON: for each method null, or of a method by prototypes what its map is to, `Likeness`);
     * trainingImage/i U8 is the image of method i's likeness, [S, S] or [S, S, 3].
     */
    explain: procedure
      .input(
        oneExample.extend({
          epoch: z.number().int().min(0),
          target: explainedTarget,
          methods: z
            .array(
              z.strictObject({
                name: explainerSchema,
                options: z
                  .record(z.string(), z.union([z.string(), z.number(), z.null()]))
                  .default({}),
              }),
            )
            .min(1)
            .max(100),
          /** Of what the methods draw at random. */
          seed: seedSchema.default(0),
        }),
      )
      .output(eventIterator(longTaskSchema, z.string())),
    /**
     * The relevance of each of the K channels of the run's target layer for N test images, evenly spaced.
     * Returns a safetensors file in base64: exampleIds U32 [N], targets U8 [N], the class explained of
     * each, relevance F32 [N, K]. Metadata: layer, epoch.
     */
    concepts: procedure
      .input(
        one.extend({
          epoch: z.number().int().min(0).nullable(),
          target: explainedTarget,
          examples: z.number().int().min(1).max(1_000_000).default(500),
          rule: z.enum(lrpRules).default('composite'),
        }),
      )
      .output(eventIterator(longTaskSchema, z.string())),
  },

  datasets: {
    list: procedure.input(nothing).output(z.array(datasetRecordSchema)),
    /**
     * images U8 [N, S, S], labels U8 [N], of the given split in the order asked for. A set is asked
     * for by its content: NOT_FOUND says how to bring back images that are not here.
     */
    images: procedure
      .input(
        z.strictObject({
          datasetId: z.string(),
          split: z.enum(['train', 'test']),
          indices: z.array(z.number().int().min(0)).max(10_000),
        }),
      )
      .output(tensors),
    /** What lies at a path, by its names alone; ~ is the home of whoever runs the workbench. */
    look: procedure
      .input(z.strictObject({ path: z.string().min(1).max(4096) }))
      .output(placeSchema),
    /**
     * Asks by the system's own dialog, which only the application's window has; null where none was chosen.
     */
    choose: procedure
      .input(z.strictObject({ kind: z.enum(['file', 'folder']) }))
      .output(z.object({ path: z.string().nullable() })),
    preview: procedure
      .input(datasetImport.omit({ name: true, classNames: true }))
      .output(datasetPreviewSchema),
    import: procedure
      .input(datasetImport)
      .output(eventIterator(longTaskSchema, datasetRecordSchema)),
    /** Calls one class otherwise, counted from 0; runs and images stay as they are. */
    renameClass: procedure
      .input(
        z.strictObject({
          datasetId: z.string(),
          label: z.number().int().min(0),
          name: z.string().max(1000),
        }),
      )
      .output(datasetRecordSchema),
    /** What can be fetched besides the built-in sets. */
    published: procedure.input(nothing).output(z.array(publishedEntrySchema)),
    /** Makes a built-in or a published data set available, downloading it where needed. */
    fetch: procedure
      .input(imageChoices.extend({ name: z.string().min(1).max(100) }))
      .output(eventIterator(longTaskSchema, datasetRecordSchema)),
  },

  engines: {
    status: procedure.input(nothing).output(z.array(engineStatusSchema)),
    /**
     * From where its makers publish it, by its pinned checksum: a library is code, so what lies on
     * the machine is installed by who has its terminal (`engine install --from`), not from a page.
     */
    install: procedure
      .input(z.strictObject({ gpu: z.boolean().nullable() }))
      .output(eventIterator(longTaskSchema, z.array(engineStatusSchema))),
    remove: procedure.input(nothing).output(z.array(engineStatusSchema)),
  },

  history: {
    info: procedure.input(nothing).output(
      z.object({
        dataDir: z.string(),
        version: z.string(),
        bytes: z.number(),
        freeBytes: z.number(),
        runSizes: z.record(runId, runSizesSchema),
        keepsCheckpoints: z.boolean(),
      }),
    ),
    /** Why nothing can be written, and what could be done; null where it can. */
    access: procedure.input(nothing).output(
      z.object({
        readOnly: z
          .object({ code: z.enum(errorCodes), message: z.string(), remedy: z.string() })
          .nullable(),
      }),
    ),
    /** Whether new runs keep their checkpoint when they have completed, so that they can be trained further. */
    keepCheckpoints: procedure.input(z.strictObject({ keep: z.boolean() })).output(z.void()),
    /** Gives the free space of the history's file back to the file system. */
    compact: procedure.input(nothing).output(eventIterator(longTaskSchema, z.void())),
    /** The problems found; none means that all is well. */
    verify: procedure.input(nothing).output(eventIterator(longTaskSchema, z.array(z.string()))),
    backup: procedure
      .input(z.strictObject({ path: z.string().min(1).max(4096) }))
      .output(eventIterator(longTaskSchema, z.void())),
  },

  /** What is kept so that it need not be computed again; what was not used for longest goes first. */
  cache: {
    info: procedure.input(nothing).output(cacheInfoSchema),
    limit: procedure
      .input(
        z.strictObject({
          limitBytes: z
            .number()
            .int()
            .min(0)
            .max(2 ** 40),
        }),
      )
      .output(cacheInfoSchema),
    clear: procedure.input(nothing).output(cacheInfoSchema),
  },

  figures: {
    list: procedure.input(nothing).output(z.array(savedFigureSchema)),
    /** Adds a figure, or replaces the one of the given id. Stored with ids for the runs' names. */
    save: procedure
      .input(
        z.strictObject({
          id: z.string().nullable(),
          name: figureName,
          specification: figureSpecification,
        }),
      )
      .output(savedFigureSchema),
    rename: procedure
      .input(z.strictObject({ id: z.string(), name: figureName }))
      .output(savedFigureSchema),
    remove: procedure.input(z.strictObject({ id: z.string() })).output(z.void()),
    build: procedure
      .input(z.strictObject({ specification: figureSpecification }))
      .output(builtFigureSchema),
    /** One file of a figure; `stem` is what files inside a zip are called before their endings. */
    export: procedure
      .input(
        z.strictObject({
          specification: figureSpecification,
          file: z.enum(figureFiles),
          stem: z.string().regex(/^[\w][\w .-]{0,99}$/u),
        }),
      )
      .output(z.instanceof(Blob)),
  },

  statistics: {
    /** Two runs on the same examples, or several paired by seed. */
    compare: procedure
      .input(comparisonQuerySchema)
      .output(eventIterator(longTaskSchema, comparisonSchema)),
    /** Metrics of runs at an epoch of each, in the order of the runs; null where undefined. */
    measures: procedure
      .input(runEpochs.extend({ metrics: z.array(comparedMetricSchema).min(1) }))
      .output(
        eventIterator(
          longTaskSchema,
          z.array(z.partialRecord(comparedMetricSchema, z.number().nullable())),
        ),
      ),
    /** Accuracy by confidence of runs at an epoch of each, in the order of the runs. */
    calibration: procedure
      .input(runEpochs.extend({ bins: z.number().int().min(2).max(100) }))
      .output(z.array(calibrationSchema)),
    /** The table of a comparison, in the format asked for. */
    comparisonTable: procedure
      .input(z.object({ comparison: comparisonSchema, format: z.enum(tableFormats) }))
      .output(z.string()),
    /** A table of metrics over runs or groups of seeds, as a file of the format asked for. */
    metricTable: procedure
      .input(metricTableQuerySchema)
      .output(eventIterator(longTaskSchema, z.string())),
  },

  audits: {
    /** What was audited of a run: the newest audit of each method at each epoch. */
    list: procedure.input(one).output(z.array(auditEntrySchema)),
    /**
     * Audits methods on so many test images drawn by the seed and keeps the result with the run. Leaving the
     * stream ends it, and nothing of it is kept.
     */
    start: procedure
      .input(
        one.extend({
          epochs: z.union([z.literal('all'), z.array(z.number().int().min(0)).min(1)]).nullable(),
          examples: z.number().int().min(2).max(1_000_000),
          methods: z.array(explainerSchema).min(1),
          seed: seedSchema,
        }),
      )
      .output(eventIterator(longTaskSchema, z.object({ epochs: z.array(z.number().int()) }))),
    /** Means, intervals and curves of one run, or of two with paired tests (docs/audit.md). */
    report: procedure
      .input(auditQuerySchema)
      .output(eventIterator(longTaskSchema, auditReportSchema)),
    /** The images behind one number of a report. */
    images: procedure
      .input(
        auditQuerySchema
          .pick({ runIds: true, epoch: true })
          .extend({ method: auditedSchema, measure: trustMeasureSchema }),
      )
      .output(z.array(auditedImageSchema)),
  },

  studies: studyCalls,

  filters: {
    list: procedure.input(nothing).output(z.array(savedFilterSchema)),
    save: procedure.input(savedFilterSchema).output(z.array(savedFilterSchema)),
    remove: procedure
      .input(savedFilterSchema.pick({ name: true }))
      .output(z.array(savedFilterSchema)),
  },
};
export type Contract = typeof contract;
