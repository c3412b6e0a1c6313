import { AfterimageError } from '../../core/errors.ts';
import type { EngineName } from '../../core/records.ts';
import type { History } from '../store/history.ts';
import type { EngineChoice } from './enginesApi.ts';

interface EngineParts {
  history: History;
  engines: EngineChoice;
  /** Of the native engine, as asked for of all runs; undefined where nobody asked. */
  threads: number | undefined;
}

const refuse = (message: string, remedy: string): AfterimageError =>
  new AfterimageError('INVALID_ARGUMENT', message, remedy);

/** The engine of a run: the one that it began on, else that it was to have, else this machine's. */
export async function engineOf(
  runId: string,
  { history, engines }: EngineParts,
): Promise<EngineName> {
  const { engine } = history.runs.getSummary(runId);
  return engine?.name ?? history.runs.getSetup(runId).requestedEngine ?? (await engines.get()).name;
}

/** The threads that a run's numbers depend on already; null before its first epoch. */
function boundThreads(runId: string, history: History): number | null {
  const { engine, last } = history.runs.getSummary(runId);
  return last === null ? null : (engine?.threads ?? null);
}

/**
 * Threads of a run's engine: those that it has epochs of, else those asked for, else those that it was
 * to have when it was started before.
 *
 * @param share of the cores, where nothing says how many
 */
export function threadsOf(
  runId: string,
  engine: EngineName,
  { history, threads }: Omit<EngineParts, 'engines'>,
  share: number,
): number {
  if (engine === 'wasm') return 1;
  const earlier = history.runs.getSummary(runId).engine?.threads;
  return boundThreads(runId, history) ?? threads ?? earlier ?? share;
}

/** INVALID_ARGUMENT where threads were asked for and the engine has but one. */
export function checkThreads(engine: EngineName, threads: number | undefined): void {
  if (threads === undefined || engine === 'native') return;
  throw refuse(
    'The embedded engine computes on one thread: --threads says nothing to it.',
    'Leave --threads out, or train with --engine native.',
  );
}

/** INVALID_ARGUMENT where a run cannot go on with the threads that were asked for. */
export async function checkResumedThreads(runId: string, parts: EngineParts): Promise<void> {
  const { history, threads } = parts;
  if (threads === undefined) return;
  checkThreads(await engineOf(runId, parts), threads);
  const bound = boundThreads(runId, history);
  if (bound === null || bound === threads) return;
  const { name } = history.runs.getSummary(runId);
  throw refuse(
    `Run ${name} began with ${bound} ${bound === 1 ? 'thread' : 'threads'} of the native engine, and the last digits of its numbers depend on how many: it cannot go on with ${threads}.`,
    'Leave --threads out, or start a new run with its configuration.',
  );
}
