export interface LongTaskOptions {
  /** `total` is null while it is not known. */
  onProgress?: (progress: { step: string; done: number; total: number | null }) => void;
  /** Aborting it ends the task between two steps; nothing half-done stays. */
  signal?: AbortSignal;
}

/** Lets other work of the process run. */
export const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
