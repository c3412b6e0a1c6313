import { describe, expect, it } from 'vitest';
import { remainingOf, useTasksStore } from '../../../src/renderer/stores/tasks.ts';
import type { LongTaskProgress } from '../../../src/shared/longTask.ts';
import { AfterimageError } from '../../../src/core/errors.ts';
import { createFakeWorkbench } from '../../support/fakeWorkbench.ts';
import { connectDirectly, createRendererApp, settle } from '../../support/rendererApp.ts';

async function openTasks(): Promise<ReturnType<typeof useTasksStore>> {
  const { run } = await createRendererApp(connectDirectly(createFakeWorkbench({ runs: 0 }).api));
  return run(() => useTasksStore());
}

async function* count(
  signal: AbortSignal,
  seen: (done: number) => void,
): AsyncGenerator<LongTaskProgress, string> {
  for (let done = 0; done < 3; done += 1) {
    signal.throwIfAborted();
    yield { step: 'Counting', done, total: 3 };
    seen(done);
    await settle();
  }
  return 'counted';
}

describe('a long call', () => {
  it('shows its progress and gives its result', async () => {
    const tasks = await openTasks();
    const shown: (number | undefined)[] = [];
    const result = await tasks.run<string>('key', 'Count', (signal) =>
      Promise.resolve(count(signal, () => shown.push(tasks.taskOf('key')?.progress?.done))),
    );
    expect(result).toBe('counted');
    expect(shown).toEqual([0, 1, 2]);
    expect(tasks.taskOf('key')?.state).toBe('done');
    expect(tasks.running).toEqual([]);
  });

  it('can be cancelled, which is no failure', async () => {
    const tasks = await openTasks();
    const result = await tasks.run<string>('key', 'Count', (signal) =>
      Promise.resolve(count(signal, () => tasks.taskOf('key')?.cancel())),
    );
    expect(result).toBeUndefined();
    expect(tasks.taskOf('key')).toMatchObject({ state: 'cancelled', error: null });
  });

  it('says why it failed', async () => {
    const tasks = await openTasks();
    await tasks.run('key', 'Count', () =>
      Promise.reject(new AfterimageError('DISK_FULL', 'The disk is full.', 'Make room.')),
    );
    expect(tasks.taskOf('key')).toMatchObject({
      state: 'failed',
      error: { code: 'DISK_FULL', message: 'The disk is full.', remedy: 'Make room.' },
    });
  });

  it('is not begun a second time while it runs', async () => {
    const tasks = await openTasks();
    let begun = 0;
    const begin = (): Promise<string | undefined> =>
      tasks.run<string>('key', 'Count', (signal) => {
        begun += 1;
        return Promise.resolve(count(signal, () => undefined));
      });
    expect(await Promise.all([begin(), begin()])).toEqual(['counted', undefined]);
    expect(begun).toBe(1);
  });
});

describe('an estimate', () => {
  it('begins anew where something else is counted', async () => {
    const tasks = await openTasks();
    const begun: (number | undefined)[] = [];
    async function* work(): AsyncGenerator<LongTaskProgress, string> {
      for (const [done, total] of [
        [0, 3],
        [2, 3],
        [0, 900],
        [450, 900],
      ] as const) {
        yield { step: 'Working', done, total };
        begun.push(tasks.taskOf('key')?.startedAt);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return 'done';
    }
    await tasks.run<string>('key', 'Work', () => Promise.resolve(work()));
    const [first = 0, second, third = 0, fourth] = begun;
    expect(second).toBe(first);
    expect(third).toBeGreaterThanOrEqual(first + 9);
    expect(fourth).toBe(third);
  });
});

describe('remainingOf', () => {
  const at = (done: number, total: number | null) =>
    remainingOf(
      {
        key: '',
        title: '',
        state: 'running',
        progress: { step: '', done, total },
        startedAt: 1_000,
        error: null,
        cancel: () => undefined,
      },
      3_000,
    );
  it('goes on at the speed so far', () => {
    expect(at(1, 4)).toBe(6_000);
    expect(at(4, 4)).toBe(0);
  });
  it('says nothing where nothing is known', () => {
    expect(at(0, 4)).toBeNull();
    expect(at(5, null)).toBeNull();
  });
});
