/**
 * What threads can share of a step on the embedded engine, on a machine too busy to show it: on one
 * thread, every part that a thread could take is timed alone, and so is what is left to one. The least of
 * many steps for each, since other work only ever adds to it.
 */
import * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../src/main/learning/engine/wasm/module/instance.ts';
import { backendName, instanceFor } from '../src/main/learning/engine/wasm/register.ts';
import { tasks, type TaskName } from '../src/main/learning/engine/wasm/threads/taskTable.ts';
import type { Task } from '../src/main/learning/engine/wasm/threads/tasks.ts';

/** As threadPool.ts makes of a job for two threads. */
const parts = 8;

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** Least milliseconds by where in a step they were spent. */
class Least {
  readonly values: number[] = [];
  next = 0;

  add(ms: number): void {
    this.values[this.next] = Math.min(this.values[this.next] ?? Infinity, ms);
    this.next += 1;
  }
}

/** Longest of the threads' times, where whoever is free takes the next part. */
function pathOf(threads: number, job: readonly number[]): number {
  const busy = new Array<number>(threads).fill(0);
  for (const part of job) {
    const least = Math.min(...busy);
    busy[busy.indexOf(least)] = least + part;
  }
  return Math.max(...busy);
}

/** Times of a step: what one thread does, and of each job the parts. */
export function measureShares(run: () => unknown, threads: number, steps: number) {
  const alone = new Least();
  const shared = new Least();
  const jobs: number[] = [];
  let since = 0;
  const lap = (): number => {
    const now = performance.now();
    const elapsed = now - since;
    since = now;
    return elapsed;
  };
  const instance = instanceFor(tf.findBackend(backendName) as unknown as WasmBackend);
  const own = Object.getOwnPropertyDescriptor(instance, 'threads');
  Object.defineProperty(instance, 'threads', { configurable: true, get: () => threads });
  const originals = new Map<TaskName, Task['run']>();
  for (const name of Object.keys(tasks) as TaskName[]) {
    const task = tasks[name] as Task;
    const whole = task.run.bind(task);
    originals.set(name, whole);
    task.run = (compute, args, from, to) => {
      const [units, count] = [to - from, Math.min(parts, to - from)];
      if (count < 2) {
        whole(compute, args, from, to);
        return;
      }
      alone.add(lap());
      for (let part = 0; part < count; part += 1) {
        const cut = (i: number): number => from + Math.floor((i * units) / count);
        whole(compute, args, cut(part), cut(part + 1));
        shared.add(lap());
      }
      jobs.push(count);
    };
  }
  for (let step = 0; step < steps; step += 1) {
    [alone.next, shared.next, jobs.length] = [0, 0, 0];
    lap();
    run();
    alone.add(lap());
  }
  for (const [name, original] of originals) (tasks[name] as Task).run = original;
  if (own !== undefined) Object.defineProperty(instance, 'threads', own);
  let at = 0;
  const partsOf = jobs.map((count) => shared.values.slice(at, (at += count)));
  const serial = sum(alone.values);
  return {
    serial,
    jobs: jobs.length,
    stepOn: (n: number) => serial + sum(partsOf.map((job) => pathOf(n, job))),
  };
}
