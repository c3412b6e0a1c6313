import { invalidArgument } from '../../core/errors.ts';
import { dependsOnThreads, type EngineName } from '../../core/records.ts';
import type { History } from '../store/history.ts';
import type { EngineChoice } from './enginesApi.ts';

interface EngineParts {
  history: History;
  engines: EngineChoice;
  /** As asked for of all runs; undefined where nobody asked. */
  threads: number | undefined;
}

/** The engine of a run: the one that it began on, else that it was to have, else this machine's. */
export async function engineOf(
  runId: string,
  { history, engines }: EngineParts,
): Promise<EngineName> {
  const { engine } = history.runs.getSummary(runId);
  return engine?.name ?? history.runs.getSetup(runId).requestedEngine ?? (await engines.get()).name;
}

/** The threads that a run's numbers depend on already; null where they depend on none. */
function boundThreads(runId: string, history: History): number | null {
  const { engine, last } = history.runs.getSummary(runId);
  if (engine === null || last === null || !dependsOnThreads(engine.name)) return null;
  return engine.threads;
}

/**
 * Threads of a run's engine: those that its numbers depend on, else those asked for, else, where they will
 * depend on them, those that it was to have when it was started before.
 *
 * @param share of the cores, where nothing says how many
 */
export function threadsOf(
  runId: string,
  engine: EngineName,
  { history, threads }: Omit<EngineParts, 'engines'>,
  share: number,
): number {
  const earlier = dependsOnThreads(engine)
    ? history.runs.getSummary(runId).engine?.threads
    : undefined;
  return boundThreads(runId, history) ?? threads ?? earlier ?? share;
}

/** INVALID_ARGUMENT where a run cannot go on with the threads that were asked for. */
export function checkResumedThreads(
  runId: string,
  { history, threads }: Omit<EngineParts, 'engines'>,
): void {
  if (threads === undefined) return;
  const bound = boundThreads(runId, history);
  if (bound === null || bound === threads) return;
  const { name } = history.runs.getSummary(runId);
  throw invalidArgument(
    `Run ${name} began with ${bound} ${bound === 1 ? 'thread' : 'threads'} of the native engine, and the last digits of its numbers depend on how many: it cannot go on with ${threads}.`,
    'Leave --threads out, or start a new run with its configuration.',
  );
}
