import {
  AfterimageError,
  type ErrorCode,
  errorCodes,
  factsOf,
  isPassing,
} from '../../core/errors.ts';
import { runErrorSchema, type RunError } from '../../core/records.ts';
import type { TrainerEvent, TrainerJob, TrainerProgress } from '../../shared/trainerEvents.ts';
import { findGpuFault } from '../platform/gpuFaults.ts';
import type { ActiveRun } from './queue.ts';
import type { StartTrainer } from './trainerHost.ts';

/** Lines of the trainer's output that are kept for its error. */
const logLines = 40;

export interface Supervision {
  job: TrainerJob;
  /** Variables that the engine needs from the process's start. */
  environment: Record<string, string>;
  startTrainer: StartTrainer;
  /** Stores an event; what it throws ends the run. */
  record: (event: TrainerEvent) => void;
  /** The run ended without its trainer saying so, or what it said could not be stored. */
  fail: (error: RunError) => void;
}

const isErrorCode = (code: string): code is ErrorCode =>
  (errorCodes as readonly string[]).includes(code);

/** Any error as a run keeps it; one that already is so stays as it is. */
export function toRunError(error: unknown, log: string[]): RunError {
  const known = runErrorSchema.safeParse(error);
  if (known.success) return known.data;
  if (error instanceof AfterimageError) return { ...factsOf(error), log };
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'INTERNAL',
    message,
    remedy: 'Resume the run; report the log if it fails again.',
    log,
  };
}

/** An event that could not be stored. */
function describeRefusal(cause: unknown, log: string[]): RunError {
  const error = toRunError(cause, log);
  if (!isPassing(error.code)) return error;
  return { ...error, remedy: `${error.remedy} Then resume the run; it goes on where it was.` };
}

/** A trainer that ended without a word, and how far it had come. */
function describeDeath(cause: string, last: TrainerProgress | null, log: string[]): RunError {
  const where =
    last === null
      ? 'before its first step'
      : `in epoch ${last.epoch}, ${last.phase} step ${last.step} of ${last.steps}`;
  const remedy = 'Resume the run; it goes on from its last checkpoint.';
  const gpu = findGpuFault(log.join('\n'));
  if (gpu !== null) {
    return {
      code: 'TRAINER_DIED',
      message: `The GPU ended the trainer ${where}: ${gpu.line}`,
      remedy: `See what \`nvidia-smi\` and \`engine doctor\` say of it. ${remedy}`,
      log,
    };
  }
  // The system's last resort when memory is short, and nothing that a trainer does to itself.
  const killed = 'If the system ended it for lack of memory, train fewer runs side by side.';
  return {
    code: 'TRAINER_DIED',
    message: `The trainer ended without a word ${where}: ${cause}.`,
    remedy: cause === 'signal SIGKILL' ? `${remedy} ${killed}` : remedy,
    log,
  };
}

/**
 * Trains one run in a process of its own and stores what it says. However the process ends, the run
 * ends in a status that tells why, and the other runs go on.
 */
export function superviseRun({
  job,
  environment,
  startTrainer,
  record,
  fail,
}: Supervision): ActiveRun {
  const { promise: done, resolve } = Promise.withResolvers<undefined>();
  const log: string[] = [];
  let ended = false;
  let latest: TrainerProgress | null = null;

  const endWith = (error: RunError): void => {
    ended = true;
    fail(error);
    trainer.kill();
  };
  const handle = (event: TrainerEvent): void => {
    if (ended) return;
    if (event.type === 'progress') latest = event.progress;
    if (event.type === 'failed') {
      const { code, message, remedy } = event;
      endWith({ code: isErrorCode(code) ? code : 'INTERNAL', message, remedy, log: [...log] });
      return;
    }
    try {
      record(event);
    } catch (error) {
      endWith(describeRefusal(error, [...log]));
      return;
    }
    ended = event.type === 'paused' || event.type === 'completed';
  };
  const trainer = startTrainer(environment, {
    event: handle,
    line: (line) => {
      log.push(line);
      log.splice(0, Math.max(0, log.length - logLines));
    },
    exit: (cause) => {
      if (!ended) fail(describeDeath(cause, latest, [...log]));
      resolve(undefined);
    },
  });
  trainer.send({ type: 'start', job });
  return {
    done: done.then(() => undefined),
    pause: () => {
      trainer.send({ type: 'pause' });
    },
  };
}
