import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { compile } from '../../../../../../src/main/learning/engine/wasm/module/assembler.ts';
import { definitions } from '../../../../../../src/main/learning/engine/wasm/module/moduleFunctions.ts';
import { createCompute } from '../../../../../../src/main/learning/engine/wasm/threads/compute.ts';
import { splits } from '../../../../../../src/main/learning/engine/wasm/threads/splits.ts';
import { ThreadPool } from '../../../../../../src/main/learning/engine/wasm/threads/threadPool.ts';

const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
const module = compile(definitions, memory);
const own = createCompute(memory, module, 0);
const { viewOf } = own;

const pools: ThreadPool[] = [];
async function openPool(threads: number, shared = { memory, module }): Promise<ThreadPool> {
  const pool = new ThreadPool(own, shared);
  pools.push(pool);
  await pool.resize(threads);
  return pool;
}
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

const count = 100_000;
const bytes = 4 * count;
const square = (pool: ThreadPool, out: number): void => {
  const args = { a: 1024, out, bytes };
  pool.run('square', args, splits.square.units(args));
};

describe('a pool of threads', () => {
  it('does every unit once, whatever the number of threads', async () => {
    const pool = await openPool(1);
    viewOf(1024, count).set(Float32Array.from({ length: count }, (_, i) => i % 1000));
    for (const threads of [1, 4, 2]) {
      await pool.resize(threads);
      expect(pool.threads).toBe(threads);
      for (let time = 0; time < 50; time += 1) {
        viewOf(1024 + bytes, count).fill(-1);
        square(pool, 1024 + bytes);
      }
      const wrong = viewOf(1024 + bytes, count).findIndex((value, i) => value !== (i % 1000) ** 2);
      expect(wrong).toBe(-1);
    }
  });

  it('says that a part failed, and goes on', async () => {
    const pool = await openPool(3);
    // Beyond the end of the memory, for whichever thread comes first.
    expect(() => {
      square(pool, 16 * 65536 - 1024);
    }).toThrow(/out of bounds|A thread of the embedded engine failed/);
    viewOf(1024, 1)[0] = 3;
    square(pool, 1024 + bytes);
    expect(viewOf(1024 + bytes, 1)[0]).toBe(9);
  });

  it('does jobs in order while the next ones are put up', async () => {
    const [from, to] = [1024, 1024 + bytes];
    const doublings = 40;
    for (const threads of [1, 3]) {
      const pool = await openPool(threads);
      viewOf(from, count).fill(1);
      pool.defer(() => {
        for (let time = 0; time < doublings; time += 2) {
          for (const [a, out] of [
            [from, to],
            [to, from],
          ] as const) {
            const args = { a, b: a, out, bytes };
            pool.run('add', args, splits.add.units(args));
          }
        }
      });
      expect(viewOf(from, count).every((value) => value === 2 ** doublings)).toBe(true);
    }
  });

  it('gives memory back when the jobs before are done, at once if they are', async () => {
    const pool = await openPool(3);
    const out = 1024 + bytes;
    viewOf(1024, count).fill(3);
    for (let time = 0; time < 100; time += 1) {
      viewOf(out, count).fill(0);
      let wasDone: boolean | null = null;
      pool.defer(() => {
        square(pool, out);
        pool.afterJobs(() => {
          wasDone = viewOf(out, count).every((value) => value === 9);
        });
      });
      expect(wasDone).toBe(true);
    }
    let released = 0;
    pool.afterJobs(() => (released += 1));
    expect(released).toBe(1);
  });

  it('has nothing to do where there are no units', async () => {
    const pool = await openPool(2);
    pool.defer(() => {
      pool.run('square', { a: 1024, out: 1024, bytes: 0 }, 0);
      pool.run('sumGroups', { x: 1024, sum: 1024, rows: 1, bytes: 4 }, 0);
    });
  });

  it('says at the end that a part failed of the jobs that were put up', async () => {
    const pool = await openPool(2);
    const released: string[] = [];
    expect(() => {
      pool.defer(() => {
        square(pool, 16 * 65536 - 1024);
        pool.afterJobs(() => released.push('first'));
        square(pool, 1024 + bytes);
        pool.afterJobs(() => released.push('second'));
      });
    }).toThrow(/out of bounds|A thread of the embedded engine failed/);
    expect(released).toEqual(['first', 'second']);
    pool.finish();
  });

  it('says that a thread does not start', async () => {
    // A module for memory that is not shared.
    const foreign = {
      memory,
      module: compile(definitions, new WebAssembly.Memory({ initial: 1 })),
    };
    await expect(openPool(2, foreign)).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('did not start') as string,
    });
  });

  it('says that a thread is gone', async () => {
    const started: Worker[] = [];
    const keep = (worker: Worker): void => void started.push(worker);
    process.on('worker', keep);
    const pool = await openPool(2);
    process.off('worker', keep);
    const [helper] = started as [Worker];
    const exit = once(helper, 'exit');
    await helper.terminate();
    await exit;
    expect(() => {
      square(pool, 1024 + bytes);
    }).toThrow(
      expect.objectContaining({
        code: 'INTERNAL',
        message: 'A thread of the embedded engine is gone: it ended.',
        remedy: expect.stringContaining('--threads 1') as string,
      }) as Error,
    );
  });
});

it('keeps no process alive, nor holds it up where it ends', async () => {
  const engine = new URL(
    '../../../../../../src/main/learning/engine/wasm/wasmEngine.ts',
    import.meta.url,
  );
  const script = `import('${engine.href}')
    .then(({ openWasmEngine }) => openWasmEngine(3))
    .then(({ info }) => console.log(info.threads))`;
  const child = spawn(process.execPath, ['--eval', script]);
  const output: Buffer[] = [];
  child.stdout.on('data', (data: Buffer) => output.push(data));
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(Buffer.concat(output).toString()).toBe('3\n');
});
