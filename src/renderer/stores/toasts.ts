import { defineStore } from 'pinia';
import { ref } from 'vue';
import { toUserError } from '../composables/userError.ts';

export interface ToastAction {
  label: string;
  run: () => unknown;
  /** Whether it takes back what the message tells. */
  undoes?: boolean;
}

export interface ToastOptions {
  message: string;
  kind?: 'info' | 'success' | 'error';
  /** What to do about it, or what else there is to know. */
  detail?: string;
  /** One thing that the reader can do: undo, open. */
  action?: ToastAction;
  /** Null: until it is closed. */
  durationMs?: number | null;
}

export interface Toast extends Required<Omit<ToastOptions, 'action'>> {
  id: number;
  action: ToastOptions['action'];
}

/** How long an undo is on offer. */
export const undoMs = 10_000;
const defaultMs = 5_000;
const mostToasts = 4;

/** Short messages at the edge of the window. */
export const useToastsStore = defineStore('toasts', () => {
  const toasts = ref<Toast[]>([]);
  let lastId = 0;

  function show(options: ToastOptions): number {
    const durationMs = options.durationMs === undefined ? defaultMs : options.durationMs;
    const { message, kind = 'info', detail = '', action } = options;
    // The same failure of ten calls is one message.
    const same = toasts.value.find(
      (toast) => kind === 'error' && toast.message === message && toast.detail === detail,
    );
    if (same !== undefined) return same.id;
    const id = (lastId += 1);
    toasts.value = [...toasts.value, { id, message, kind, detail, action, durationMs }].slice(
      -mostToasts,
    );
    return id;
  }

  function close(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  }

  /** Takes back the last thing that can be; false where there is none. */
  function undo(): boolean {
    const toast = toasts.value.findLast(({ action }) => action?.undoes === true);
    if (toast === undefined) return false;
    close(toast.id);
    toast.action?.run();
    return true;
  }

  /** Shows what an action that failed says of itself; it stays until it is closed. */
  function showError(error: unknown): void {
    const { message, remedy } = toUserError(error);
    show({ message, detail: remedy, kind: 'error', durationMs: null });
  }

  /** Runs an action; where it fails, says so and gives undefined. */
  async function attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await action();
    } catch (error) {
      showError(error);
      return undefined;
    }
  }

  return { toasts, show, close, undo, showError, attempt };
});
