import { setTimeout as delay } from 'node:timers/promises';
import { finished } from 'node:stream/promises';
import type { UtilityProcess } from 'electron';
import type { TrainerEvent } from '../../shared/trainerEvents.ts';
import { forwardLines } from '../training/trainerHost.ts';
import type { StartTrainer } from '../training/trainerHost.ts';
import type { Electron } from './electron.ts';
import { trainerDone } from './trainerDoneMessage.ts';

/** A process's last lines come within this time after its end, or not at all. */
const lastLinesMs = 500;

/** Starts trainers as utility processes; `entry` is the built `utilityTrainerProcess`. */
export function utilityTrainer(
  utilityProcess: Electron['utilityProcess'],
  entry: string,
): StartTrainer {
  return (environment, listeners) => {
    const child = utilityProcess.fork(entry, [], {
      env: { ...process.env, ...environment },
      stdio: 'pipe',
      serviceName: 'Afterimage trainer',
    });
    forwardLines(child.stdout, listeners.line);
    forwardLines(child.stderr, listeners.line);
    child.on('message', (message: TrainerEvent | typeof trainerDone) => {
      if (message === trainerDone) child.kill();
      else listeners.event(message);
    });
    child.on('exit', (code) => {
      void Promise.race([outputEnd(child), delay(lastLinesMs)]).then(() => {
        listeners.exit(`exit code ${code}`);
      });
    });
    return {
      send: (command) => {
        child.postMessage(command);
      },
      kill: () => {
        killAtOnce(child);
      },
    };
  };
}

async function outputEnd({ stdout, stderr }: UtilityProcess): Promise<void> {
  const streams = [stdout, stderr].filter((stream) => stream !== null);
  await Promise.allSettled(streams.map((stream) => finished(stream, { writable: false })));
}

/** As `kill -9`: Electron's own `kill` asks, and a native library that hangs does not answer. */
function killAtOnce({ pid }: UtilityProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
