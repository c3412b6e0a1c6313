import { z } from 'zod';
import { engineNames, runIdSchema } from '../core/records.ts';
import { studyDetailSchema, studySummarySchema } from '../core/studies/progress.ts';
import { questionSchema, studyNameSchema, studySchema } from '../core/studies/study.ts';
import { estimateSchema } from './estimate.ts';
import { procedure } from './procedure.ts';
import { remoteRunSchema, resourceChangesSchema } from './remoteRuns.ts';

const oneStudy = z.strictObject({ studyId: z.string().min(1).max(64) });
const engine = z.enum(engineNames).nullable().default(null);

/** Studies: planned runs with what became of each. Runs themselves are those of `runs`. */
export const studyCalls = {
  /** Newest first. */
  list: procedure.input(z.strictObject({})).output(z.array(studySummarySchema)),
  /** Runs on clusters that are to come home, as they were when their tasks were last looked at. */
  remote: procedure.input(z.strictObject({})).output(z.array(remoteRunSchema)),
  /**
   * Takes back what of a study waits, trains or failed on clusters: it may be trained here then, or handed over
   * again. NOT_FOUND, NO_NETWORK where the scheduler cannot be asked.
   */
  cancelRemote: procedure.input(oneStudy).output(z.object({ runIds: z.array(runIdSchema) })),
  /**
   * Hands what failed or was cancelled there over again: it goes on from what was saved of it. `changes` are
   * what tasks ask for from now on, where not as before; `held` are failed runs whose task still trains others.
   */
  retryRemote: procedure
    .input(oneStudy.extend({ changes: resourceChangesSchema.default({}) }))
    .output(z.object({ runIds: z.array(runIdSchema), held: z.array(runIdSchema) })),
  get: procedure.input(oneStudy).output(studyDetailSchema),
  /** Stores a plan and trains nothing; CONFLICT where its name is taken, unless it may get a number. */
  create: procedure
    .input(z.strictObject({ study: studySchema, isRenamed: z.boolean().default(false) }))
    .output(studyDetailSchema),
  /** A study of runs that are here: it asks for exactly these. */
  adopt: procedure
    .input(
      z.strictObject({
        name: studyNameSchema,
        question: questionSchema,
        runIds: z.array(runIdSchema).min(1).max(1000),
      }),
    )
    .output(studyDetailSchema),
  change: procedure
    .input(
      oneStudy.extend({ name: studyNameSchema.optional(), question: questionSchema.optional() }),
    )
    .output(studyDetailSchema),
  /**
   * Trains what is in one of these states: planned runs are made, others go on from where they stopped, and of
   * those that wait the ones that no other process has. All can begin, or none does. `experiment` is what new
   * runs are listed under, by default the study's name.
   */
  start: procedure
    .input(
      oneStudy.extend({
        states: z.array(z.enum(['planned', 'waiting', 'paused', 'failed'])).min(1),
        engine,
        keepCheckpoints: z.boolean().optional(),
        experiment: z.string().min(1).max(200).optional(),
      }),
    )
    .output(z.object({ runIds: z.array(runIdSchema) })),
  /** How long what is not done yet will train; null where nothing is left. Failed runs do not count. */
  estimate: procedure.input(oneStudy.extend({ engine })).output(estimateSchema.nullable()),
  /** Removes a study; its runs stay, or go into the bin. */
  delete: procedure.input(oneStudy.extend({ runs: z.boolean() })).output(z.void()),
};
