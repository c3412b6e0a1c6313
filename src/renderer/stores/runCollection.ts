import { computed, shallowReactive } from 'vue';
import type { WorkbenchEvent } from '../../shared/events.ts';
import type { EpochMetrics, Run, RunSummary } from '../../core/records.ts';
import { inBatches } from '../composables/inBatches.ts';
import { withEpoch, withSummary } from './runEvents.ts';

type ProgressEvent = Extract<WorkbenchEvent, { type: 'progress' }>;
/** The newest word on a running trainer. */
export type RunProgress = Omit<ProgressEvent, 'type' | 'runId'>;

/**
 * Progress is shown this often, ms. Trainers tell of it several times a second each, and every
 * showing is a frame, whose time is taken from what trains where the processor draws (bench/window.md).
 */
const progressIntervalMs = 500;

/** The runs in the bin by when they came there, or those outside it by when they were made. */
function listNewestFirst(summaries: Map<string, RunSummary>, inBin: boolean): RunSummary[] {
  const timeOf = (run: RunSummary): string => (inBin ? run.deletedAt : run.createdAt) ?? '';
  return [...summaries.values()]
    .filter(({ deletedAt }) => (deletedAt !== null) === inBin)
    .map((run) => ({ run, time: timeOf(run) }))
    .toSorted((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))
    .map(({ run }) => run);
}

/** The newest word on each running trainer, as often as it is shown. */
function createProgress() {
  const progress = shallowReactive(new Map<string, RunProgress>());
  const latest = new Map<string, RunProgress>();
  const news = inBatches<RunProgress>(progressIntervalMs, (batch) => {
    for (const [runId, newest] of batch) progress.set(runId, newest);
  });
  return {
    progress,
    /** The losses of an epoch's steps hold until others of the same epoch are told. */
    put: ({ runId, progress: next, remainingMs, stepLosses }: ProgressEvent): void => {
      const before = latest.get(runId);
      const isSameEpoch = before?.progress.epoch === next.epoch;
      const losses = stepLosses ?? (isSameEpoch ? before.stepLosses : undefined);
      const whole = { progress: next, remainingMs, ...(losses && { stepLosses: losses }) };
      latest.set(runId, whole);
      news.put(runId, whole);
    },
    drop: (runId: string): void => {
      news.drop(runId);
      latest.delete(runId);
      progress.delete(runId);
    },
  };
}

/**
 * Runs as the workbench's events leave them: summaries of all, the bin included, and whole runs of
 * those that were loaded. Knows nothing of where they come from.
 */
export function createRunCollection() {
  const summaries = shallowReactive(new Map<string, RunSummary>());
  const details = shallowReactive(new Map<string, Run>());
  /** Ids and epochs that events named: at least as new as an answer that was asked for before. */
  const heardOf = new Set<string>();
  const heardEpochs = new Map<string, EpochMetrics[]>();

  const { progress, ...news } = createProgress();

  const runs = computed(() => listNewestFirst(summaries, false));
  const bin = computed(() => listNewestFirst(summaries, true));
  const running = computed(() => runs.value.filter(({ status }) => status === 'running'));

  function keep(summary: RunSummary): void {
    summaries.set(summary.id, summary);
    const run = details.get(summary.id);
    if (run !== undefined) details.set(summary.id, withSummary(run, summary));
    if (summary.status !== 'running') news.drop(summary.id);
  }

  function forget(runId: string): void {
    heardOf.add(runId);
    for (const map of [summaries, details]) map.delete(runId);
    news.drop(runId);
  }

  /** Takes a whole run that was asked for after the last `heardEpochs.delete` of it. */
  function keepDetail(loaded: Run): Run {
    const heard = heardEpochs.get(loaded.id) ?? [];
    const run = { ...loaded, epochs: heard.reduce<EpochMetrics[]>(withEpoch, loaded.epochs) };
    const newer = summaries.get(run.id);
    const whole = newer === undefined ? run : withSummary(run, newer);
    details.set(run.id, whole);
    return whole;
  }

  function addEpoch(runId: string, metrics: EpochMetrics): void {
    heardEpochs.set(runId, [...(heardEpochs.get(runId) ?? []), metrics]);
    const run = details.get(runId);
    if (run !== undefined) details.set(runId, { ...run, epochs: withEpoch(run.epochs, metrics) });
  }

  function applyEvent(event: WorkbenchEvent): void {
    if (event.type === 'run') {
      heardOf.add(event.run.id);
      keep(event.run);
    } else if (event.type === 'epoch') addEpoch(event.runId, event.metrics);
    else if (event.type === 'purged') forget(event.runId);
    else if (event.type === 'progress') {
      news.put(event);
    }
  }

  return {
    ...{ summaries, details, progress, runs, bin, running },
    ...{ heardOf, heardEpochs, keep, forget, keepDetail, applyEvent },
  };
}

export type RunCollection = ReturnType<typeof createRunCollection>;
