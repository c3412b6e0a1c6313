import type { WorkbenchEvent } from '../../shared/events.ts';
import { AfterimageError } from '../../core/errors.ts';
import type { Run, RunSummary } from '../../core/records.ts';
import { buildPerformanceTable } from '../export/tables.ts';
import { describeRun } from '../export/runDocument.ts';
import { followRuns } from '../training/followRuns.ts';
import { describeError, describeErrorAsJson, Paused } from './output.ts';
import type { Session } from './session.ts';
import { formatList } from './tableOptions.ts';
import { showTraining } from './trainingProgress.ts';

type Outcome = Pick<RunSummary, 'status' | 'error'>;

/** One press of Ctrl-C may arrive twice: some versions of npm pass on what the terminal sent to all. */
const sameInterruptMs = 500;

/** Calls `pause` at the first interrupt and ends the process at the next; returns how to stop that. */
function onInterrupt(pause: () => void): () => void {
  let firstAt: number | null = null;
  const interrupt = (): void => {
    if (firstAt === null) {
      firstAt = performance.now();
      pause();
    } else if (performance.now() - firstAt > sameInterruptMs) {
      process.exit(new Paused().exitCode);
    }
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, interrupt);
  return () => {
    for (const signal of signals) process.off(signal, interrupt);
  };
}

/**
 * Shows runs until none of them waits or trains; the first interrupt pauses, the second ends.
 *
 * @returns how each run ended, be it that this could not be stored
 */
async function follow(
  names: ReadonlyMap<string, string>,
  { workbench, output }: Session,
): Promise<ReadonlyMap<string, Outcome>> {
  const progress = showTraining(names, output);
  const outcomes = new Map<string, Outcome>();
  const runIdOf = (event: WorkbenchEvent): string | null =>
    event.type === 'run' ? event.run.id : 'runId' in event ? event.runId : null;
  const see = (event: WorkbenchEvent): void => {
    // What other processes do is told too.
    if (!names.has(runIdOf(event) ?? '')) return;
    progress.show(event);
    if (event.type === 'run') outcomes.set(event.run.id, event.run);
  };
  const stopListening = onInterrupt(() => {
    output.note('Pausing; press Ctrl-C again to end at once.');
    void workbench.training.pauseAll();
  });
  await followRuns(workbench, see);
  progress.close();
  stopListening();
  return outcomes;
}

function report(runs: readonly Run[], { output, json }: Session): void {
  if (json) output.json({ runs: runs.map(describeRun) });
  else if (runs.some(({ epochs }) => epochs.length > 0)) {
    output.text(formatList(buildPerformanceTable(runs), output));
  }
  for (const { name, status, id } of runs) {
    if (status === 'paused' || status === 'queued') {
      output.note(`${name} is ${status}; go on with: resume ${id}`);
    }
  }
}

/** A line for each cause; what the failed runs and the others stored is there all the same. */
function throwFailures(runs: readonly Run[], { output, json }: Session): void {
  // A completed run with an error was to be trained further, and was not.
  const failed = runs.filter(
    ({ status, error }) => status === 'failed' || (status === 'completed' && error !== null),
  );
  const isUnusable = failed.every(({ error }) => error?.code === 'INVALID_ARGUMENT');
  const code = isUnusable ? 'INVALID_ARGUMENT' : 'INTERNAL';
  const byCause = Map.groupBy(failed, ({ error }) =>
    JSON.stringify([error?.message, error?.remedy]),
  );
  const errors = [...byCause.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const { message = 'for an unknown reason.', remedy = '' } = first.error ?? {};
    const more = others.length === 1 ? ' and 1 other' : ` and ${others.length} others`;
    const which = `Run ${first.name} (${first.id})${others.length === 0 ? '' : more}`;
    return [new AfterimageError(code, `${which} failed: ${message}`, remedy)];
  });
  const last = errors.pop();
  for (const error of errors) {
    output.note(json ? describeErrorAsJson(error) : describeError(error));
  }
  if (last !== undefined) throw last;
}

/** Follows runs to their end and reports them; throws if one failed or was paused. */
export async function trainAndReport(runIds: string[], session: Session): Promise<Run[]> {
  const { runs } = session.workbench.history;
  const names = new Map(runIds.map((id) => [id, runs.getSummary(id).name]));
  const outcomes = await follow(names, session);
  const ended = [...names.keys()].map((id) => {
    const { status, error } = outcomes.get(id) ?? {};
    return { ...runs.get(id), ...(status && { status }), ...(error && { error }) };
  });
  report(ended, session);
  throwFailures(ended, session);
  if (ended.some(({ status }) => status === 'paused')) throw new Paused();
  return ended;
}
