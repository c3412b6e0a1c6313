/** What an installation is doing; `done` and `total` count bytes while downloading, unpacking and checking. */
export interface EngineProgress {
  step: 'download' | 'unpack' | 'compile' | 'check';
  /** File or source at hand. */
  item: string;
  done: number;
  /** Null where it is not known. */
  total: number | null;
}

/** What every part of an installation is given. */
export interface InstallContext {
  onProgress: (progress: EngineProgress) => void;
  /** Told in one line which source is tried, and why one was not used. */
  onMessage: (line: string) => void;
  signal: AbortSignal | undefined;
}
