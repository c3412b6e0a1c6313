import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { addInTurn } from '../../../../../../src/main/learning/engine/wasm/threads/turns.ts';

const turnsOf = (sums: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * sums));
const turnsUrl = new URL(
  '../../../../../../src/main/learning/engine/wasm/threads/turns.ts',
  import.meta.url,
);

/** A thread that adds units, one after the other, to a log of [unit, sum]. */
const adder = `
  const { workerData } = require('node:worker_threads');
  import(workerData.url).then(({ addInTurn }) => {
    const { turns, log, units } = workerData;
    for (const unit of units) {
      addInTurn(turns, unit, {
        prepare() {},
        add(sum) {
          const at = Atomics.add(log, 0, 1);
          log[1 + 2 * at] = unit;
          log[2 + 2 * at] = sum;
        },
      });
    }
  });`;

describe('units that are added in turn', () => {
  it('reach each sum in their order, whichever thread has them', async () => {
    const [sums, count, threads] = [3, 300, 3];
    const turns = turnsOf(sums);
    const log = new Int32Array(new SharedArrayBuffer(4 * (1 + 2 * sums * count)));
    const workers = Array.from({ length: threads }, (_, thread) => {
      // In shares of different lengths, so that threads have to wait for each other.
      const units = Array.from({ length: count }, (__, unit) => unit).filter(
        (unit) => Math.floor(unit / 2) % threads === thread,
      );
      return new Worker(adder, {
        eval: true,
        workerData: { url: turnsUrl.href, turns, log, units },
      });
    });
    await Promise.all(workers.map((worker) => once(worker, 'exit')));
    const added = Array.from({ length: sums * count }, (_, i) => ({
      unit: log[1 + 2 * i],
      sum: log[2 + 2 * i],
    }));
    const inOrder = Array.from({ length: count }, (_, unit) => unit);
    for (let sum = 0; sum < sums; sum += 1) {
      expect(added.filter((entry) => entry.sum === sum).map(({ unit }) => unit)).toEqual(inOrder);
    }
    expect([...turns]).toEqual([count, count, count]);
  });

  it('are given up at once when one before them failed', () => {
    const turns = turnsOf(2);
    const add = (unit: number, prepare: () => void): void => {
      addInTurn(turns, unit, { prepare, add: () => undefined });
    };
    add(0, () => undefined);
    expect(() => {
      add(1, () => {
        throw new RangeError('broken');
      });
    }).toThrow('broken');
    expect(() => {
      add(2, () => undefined);
    }).toThrow('unit 2 waits for one that was given up');
  });
});
