import { isDeepStrictEqual } from 'node:util';
import { AfterimageError } from '../../core/errors.ts';
import { dependsOnThreads, type EngineInfo } from '../../core/records.ts';
import type { TrainerEvent } from '../../shared/trainerEvents.ts';
import type { History } from '../store/history.ts';

const describe = ({ name, device, threads }: EngineInfo): string =>
  `${name} (${device}, ${threads} threads)`;

/** What of an engine a run's numbers depend on. */
const identityOf = ({ threads, ...engine }: EngineInfo): Partial<EngineInfo> =>
  dependsOnThreads(engine.name) ? { ...engine, threads } : engine;

/**
 * Stores what the trainer of one run says, each event whole or not at all. What it throws (CONFLICT
 * where numbers would not fit those stored, NOT_FINITE, DISK_FULL ...) leaves the history as it was
 * before the event.
 */
export class Recorder {
  readonly #history: History;
  readonly #runId: string;

  constructor(history: History, runId: string) {
    this.#history = history;
    this.#runId = runId;
  }

  record(event: TrainerEvent): void {
    const { runs, checkpoints } = this.#history;
    switch (event.type) {
      case 'progress':
        return;
      case 'started':
        this.#start(event.engine, event.environment);
        return;
      case 'checkpoint':
        checkpoints.replace(this.#runId, event.checkpoint);
        return;
      case 'epoch':
        this.#history.insertEpoch(this.#runId, event.result);
        return;
      case 'paused':
        this.#history.transaction(() => {
          checkpoints.replace(this.#runId, event.checkpoint);
          runs.setStatus(this.#runId, 'paused');
        });
        return;
      case 'completed':
        this.#history.transaction(() => {
          runs.setStatus(this.#runId, 'completed');
          checkpoints.removeIfSpent(this.#runId);
        });
        return;
      case 'failed': {
        const { code, message, remedy } = event;
        runs.setStatus(this.#runId, 'failed', { code, message, remedy, log: [] });
      }
    }
  }

  #start(engine: EngineInfo, environment: Record<string, string>): void {
    this.#history.transaction(() => {
      this.#checkEngine(engine);
      this.#history.runs.setStarted(this.#runId, engine, environment);
    });
  }

  /** A run goes on where it was only on what it began with: anything else gives other numbers. */
  #checkEngine(engine: EngineInfo): void {
    const { engine: earlier, epochs } = this.#history.runs.get(this.#runId);
    if (earlier === null || epochs.length === 0) return;
    const [before, now] = [identityOf(earlier), identityOf(engine)];
    if (isDeepStrictEqual(before, now)) return;
    throw new AfterimageError(
      'CONFLICT',
      `Run ${this.#runId} began on ${describe(earlier)} and cannot go on with ${describe(engine)}: ${describeDifference(before, now)}.`,
      'Resume it with the engine, threads and library versions that it began with, or start a new run.',
    );
  }
}

type Trait = string | number | boolean | undefined;

const wordOf = (trait: Trait): string => (trait === undefined ? 'absent' : String(trait));

function describeDifference(earlier: Partial<EngineInfo>, now: Partial<EngineInfo>): string {
  const flatten = ({ versions, ...rest }: Partial<EngineInfo>): Record<string, Trait> => ({
    ...versions,
    ...rest,
  });
  const [before, after] = [flatten(earlier), flatten(now)];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name} was ${wordOf(before[name])}, is ${wordOf(after[name])}`)
    .join('; ');
}
