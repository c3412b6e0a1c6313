import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TrainerCommand, TrainerEvent } from '../../shared/trainerEvents.ts';

/** A trainer that has been started, whatever kind of process it lives in. */
export interface TrainerHandle {
  send: (command: TrainerCommand) => void;
  kill: () => void;
}

export interface TrainerListeners {
  event: (event: TrainerEvent) => void;
  /** A line of the trainer's standard output or error. */
  line: (line: string) => void;
  /** The process is gone and nothing more will come: its exit code, or the signal that ended it. */
  exit: (cause: string) => void;
}

/** Starts trainers: child processes under Node, utility processes under Electron. */
export type StartTrainer = (
  environment: Record<string, string>,
  listeners: TrainerListeners,
) => TrainerHandle;

const entry = fileURLToPath(new URL('../learning/trainerProcess.ts', import.meta.url));

/** Calls `line` for each line of a stream, without its end. */
export function forwardLines(
  stream: NodeJS.ReadableStream | null,
  line: (line: string) => void,
): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(line);
  });
  stream?.on('end', () => {
    if (rest !== '') line(rest);
  });
}

export const forkTrainer: StartTrainer = (environment, listeners) => {
  const child = fork(entry, [], {
    env: { ...process.env, ...environment },
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  // Once a long message (a checkpoint) has been sent, Node no longer waits for this channel, and would
  // end the process before the trainer's last words are read.
  child.channel?.ref();
  forwardLines(child.stdout, listeners.line);
  forwardLines(child.stderr, listeners.line);
  child.on('message', (message) => {
    listeners.event(message as TrainerEvent);
  });
  child.on('error', (error) => {
    listeners.line(error.message);
  });
  child.on('close', (code, signal) => {
    listeners.exit(signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`);
  });
  return {
    send: (command) => {
      if (child.connected) child.send(command);
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
};
