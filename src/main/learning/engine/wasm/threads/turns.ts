import type { WasmInstance } from '../module/instance.ts';
import { patienceMs, waitUntil } from './waiting.ts';

/** In the place of a count: a unit before will never be added. */
const givenUp = -1;

function pass(turns: Int32Array, sum: number, count: number): void {
  Atomics.store(turns, sum, count);
  Atomics.notify(turns, sum);
}

/** Lends the counts of `addInTurn` for so many sums, all 0. */
export const borrowTurns = <T>(
  instance: WasmInstance,
  sums: number,
  use: (turns: number) => T,
): T =>
  instance.borrow([sums] as const, (turns) => {
    instance.divided.clear({ out: turns, bytes: sums * Int32Array.BYTES_PER_ELEMENT });
    return use(turns);
  });

/**
 * Adds a unit of a task `inOrder` to sums that all threads share, each after the units before it: so the bits
 * do not depend on who adds which, and one thread may prepare a unit or be at the last sum while another is
 * at the first.
 *
 * @param turns how many units each of the sums holds so far; 0 at the start of a job
 * @throws where a thread that has taken a unit before failed, or does not answer
 */
export function addInTurn(
  turns: Int32Array,
  unit: number,
  { prepare, add }: { prepare: () => void; add: (sum: number) => void },
): void {
  try {
    prepare();
    for (let sum = 0; sum < turns.length; sum += 1) {
      const turn = waitUntil(
        turns,
        sum,
        (count) => count === unit || count === givenUp,
        patienceMs,
      );
      if (turn !== unit) throw new Error(`turns: unit ${unit} waits for one that was given up`);
      add(sum);
      pass(turns, sum, unit + 1);
    }
  } catch (error) {
    turns.forEach((_, sum) => {
      pass(turns, sum, givenUp);
    });
    throw error;
  }
}
