import { defineStore } from 'pinia';
import { computed, shallowReactive } from 'vue';
import type { LongTaskProgress } from '../../shared/longTask.ts';
import { toUserError } from '../composables/userError.ts';
import type { UserError } from '../composables/userError.ts';

/** A long call that the workbench carries out: what it does now, and how it ended. */
export interface Task {
  key: string;
  title: string;
  state: 'running' | 'done' | 'cancelled' | 'failed';
  progress: LongTaskProgress | null;
  /** When its present stretch began, that is one total: ms since 1970. */
  startedAt: number;
  error: UserError | null;
  cancel: () => void;
}

/** What a long call of the client gives: its progress, then its result. */
export type LongCall<T> = (signal: AbortSignal) => Promise<ProgressSteps<T>>;
type ProgressSteps<T> = AsyncIterator<LongTaskProgress, T, void>;

/** Long calls outlive the view that began them; each is known by a key such as `fetch:mnist`. */
export const useTasksStore = defineStore('tasks', () => {
  const tasks = shallowReactive(new Map<string, Task>());
  const running = computed(() => [...tasks.values()].filter(({ state }) => state === 'running'));

  function update(key: string, change: Partial<Task>): void {
    const task = tasks.get(key);
    if (task !== undefined) tasks.set(key, { ...task, ...change });
  }

  /** The call's result; undefined where it was cancelled or failed, which its task then says. */
  async function run<T>(key: string, title: string, call: LongCall<T>): Promise<T | undefined> {
    if (tasks.get(key)?.state === 'running') return undefined;
    const controller = new AbortController();
    const cancel = (): void => {
      controller.abort();
    };
    const startedAt = Date.now();
    tasks.set(key, {
      key,
      title,
      state: 'running',
      progress: null,
      startedAt,
      error: null,
      cancel,
    });
    try {
      const result = await follow(await call(controller.signal), (progress) => {
        // What is counted now may go at another speed than what was counted before.
        const goesOn = tasks.get(key)?.progress?.total === progress.total;
        update(key, goesOn ? { progress } : { progress, startedAt: Date.now() });
      });
      update(key, { state: 'done' });
      return result;
    } catch (error) {
      if (controller.signal.aborted) update(key, { state: 'cancelled' });
      else update(key, { state: 'failed', error: toUserError(error) });
      return undefined;
    }
  }

  function dismiss(key: string): void {
    if (tasks.get(key)?.state !== 'running') tasks.delete(key);
  }

  return { tasks, running, run, dismiss, taskOf: (key: string) => tasks.get(key) };
});

/** Runs a long call to its end. */
export async function follow<T>(
  steps: ProgressSteps<T>,
  onProgress: (progress: LongTaskProgress) => void,
): Promise<T> {
  for (;;) {
    const step = await steps.next();
    if (step.done === true) return step.value;
    onProgress(step.value);
  }
}

/** Time left of a task in ms, from the share done so far; null while that says nothing. */
export function remainingOf({ progress, startedAt }: Task, now: number): number | null {
  if (progress?.total == null || progress.done <= 0 || progress.total <= 0) return null;
  const share = Math.min(1, progress.done / progress.total);
  return ((now - startedAt) * (1 - share)) / share;
}
