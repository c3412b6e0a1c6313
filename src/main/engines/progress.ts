import type { LongTaskProgress } from '../../shared/longTask.ts';

/** What every part of an installation is given. */
export interface InstallContext {
  onProgress: (progress: LongTaskProgress) => void;
  /** Told in one line which source is tried, and why one was not used. */
  onMessage: (line: string) => void;
  signal: AbortSignal | undefined;
}
