/**
 * Loaded before the workbench's own code (`node --import`) into its server and, by inheritance, its
 * trainers. In the server it answers `probe` messages with what the event loop was like since the
 * last one; in a trainer it notes every event that is sent, with the processor time used so far.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainerEvent } from '../../src/shared/trainerEvents.ts';
import { percentile } from '../measure.ts';

/**
 * What the event loop was like, by a timer of 10 ms: how late it was; and the processor time that the
 * main thread spent between two of its turns, which other processes do not change. ms.
 */
export interface LoopReport {
  lateP50: number;
  lateP99: number;
  lateMax: number;
  longestTurn: number;
  /** Of the whole process. */
  cpuMs: number;
}

/** One event of a trainer; times in ms, `at` since 1970. */
export interface TrainerNote {
  runId: string;
  at: number;
  cpuMs: number;
  type: TrainerEvent['type'];
  phase: string;
  epoch: number;
  step: number;
}

const intervalMs = 10;
const toMs = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000;
const cpuMs = (): number => toMs(process.cpuUsage());
const threadMs = (): number => toMs(process.threadCpuUsage());

function watchLoop(): void {
  let late: number[] = [];
  let longestTurn = 0;
  let [turnedAt, turnedMs] = [performance.now(), threadMs()];
  const turn = (): void => {
    const [now, nowMs] = [performance.now(), threadMs()];
    late.push(now - turnedAt - intervalMs);
    longestTurn = Math.max(longestTurn, nowMs - turnedMs);
    [turnedAt, turnedMs] = [now, nowMs];
    setTimeout(turn, intervalMs).unref();
  };
  turn();
  process.on('message', (message) => {
    if (message !== 'probe') return;
    const lateP50 = percentile(late, 0.5);
    const lateP99 = percentile(late, 0.99);
    const report = { lateP50, lateP99, lateMax: Math.max(0, ...late), longestTurn, cpuMs: cpuMs() };
    [late, longestTurn] = [[], 0];
    process.send?.(report satisfies LoopReport);
  });
  // The probe alone keeps no process alive.
  process.channel?.unref();
}

function noteEvents(folder: string): void {
  const path = join(folder, `trainer-${process.pid}.jsonl`);
  let runId = '';
  process.on('message', (message: { job?: { runId: string } }) => {
    runId = message.job?.runId ?? runId;
  });
  const send = process.send?.bind(process) as (...values: unknown[]) => boolean;
  const noteAndSend = (event: TrainerEvent, ...rest: unknown[]): boolean => {
    const { phase, epoch, step } =
      event.type === 'progress'
        ? event.progress
        : { phase: '', epoch: event.type === 'epoch' ? event.result.metrics.epoch : -1, step: 0 };
    const at = performance.timeOrigin + performance.now();
    const note: TrainerNote = { runId, at, cpuMs: cpuMs(), type: event.type, phase, epoch, step };
    appendFileSync(path, `${JSON.stringify(note)}\n`);
    return send(event, ...rest);
  };
  process.send = noteAndSend as NonNullable<typeof process.send>;
}

const notes = process.env['AFTERIMAGE_BENCH_NOTES'];
if (process.argv[1]?.includes('trainerProcess') !== true) watchLoop();
else if (notes !== undefined) noteEvents(notes);
