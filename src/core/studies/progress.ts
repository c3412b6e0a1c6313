import { z } from 'zod';
import { runStatusSchema, type RunStatus } from '../records.ts';
import { plannedRuns, type PlannedRun } from './plan.ts';
import { questionSchema, studySchema, type Study } from './study.ts';
import { countStates, furthest, plannedStates, stateOf, stateOfStudy } from './states.ts';

/** A study as it is stored. */
export const studyRecordSchema = z.object({
  id: z.string(),
  study: studySchema,
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
});
export type StudyRecord = z.infer<typeof studyRecordSchema>;

/** A run that was made for a study, outside the bin. */
export interface StudyRun {
  runId: string;
  /** See `PlannedRun.key`. */
  key: string;
  status: RunStatus;
}

const stateSchema = z.enum(plannedStates);

export const studySummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  question: questionSchema,
  state: stateSchema,
  /** How many planned runs are in each state. */
  counts: z.record(stateSchema, z.number().int().min(0)),
  /** How many runs it asks for. */
  planned: z.number().int().min(0),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
});
export type StudySummary = z.infer<typeof studySummarySchema>;

/** A planned run, and how far it is. */
export const studyCellSchema = z.object({
  key: z.string(),
  name: z.string(),
  label: z.string(),
  base: z.string(),
  marks: z.array(z.string()),
  seed: z.number().int(),
  state: stateSchema,
  /** The run that stands for it, and how that is; null where there is none. */
  run: z.object({ id: z.string(), status: runStatusSchema }).nullable(),
});
export type StudyCell = z.infer<typeof studyCellSchema>;

export const studyDetailSchema = studySummarySchema.extend({
  study: studySchema,
  cells: z.array(studyCellSchema),
  /** Ids of its runs that stand for none of its planned runs: repeated ones, and what it no longer asks for. */
  others: z.array(z.string()),
});
export type StudyDetail = z.infer<typeof studyDetailSchema>;

function fill(planned: PlannedRun, runs: readonly StudyRun[]): StudyCell {
  const { key, name, label, base, marks, seed } = planned;
  const run = furthest(runs, ({ status }) => status);
  return {
    ...{ key, name, label, base, marks: [...marks], seed },
    state: stateOf(run?.status ?? null),
    run: run === undefined ? null : { id: run.runId, status: run.status },
  };
}

/** The plan of a study with the run that stands for each, in the order of the plan. */
export function fillPlan(study: Study, runs: readonly StudyRun[]): StudyCell[] {
  const byKey = Map.groupBy(runs, ({ key }) => key);
  return plannedRuns(study).map((planned) => fill(planned, byKey.get(planned.key) ?? []));
}

function summarize(
  { id, study, ...times }: StudyRecord,
  cells: readonly StudyCell[],
): StudySummary {
  const counts = countStates(cells.map(({ state }) => state));
  const { createdAt, changedAt } = times;
  const { name, question } = study;
  const state = stateOfStudy(counts);
  return { id, name, question, state, counts, planned: cells.length, createdAt, changedAt };
}

export const summarizeStudy = (record: StudyRecord, runs: readonly StudyRun[]): StudySummary =>
  summarize(record, fillPlan(record.study, runs));

export function describeStudy(record: StudyRecord, runs: readonly StudyRun[]): StudyDetail {
  const cells = fillPlan(record.study, runs);
  const standing = new Set(cells.flatMap(({ run }) => run?.id ?? []));
  return {
    ...summarize(record, cells),
    study: record.study,
    cells,
    others: runs.map(({ runId }) => runId).filter((runId) => !standing.has(runId)),
  };
}
