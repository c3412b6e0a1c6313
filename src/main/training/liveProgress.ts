import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { workbenchEventSchema, type WorkbenchEvent } from '../../shared/events.ts';
import { postFile } from '../platform/files.ts';
import type { History } from '../store/history.ts';

/** How often a process tells others how its trainers get on, ms. */
const intervalMs = 1000;
const eventsSchema = z.array(workbenchEventSchema);

type Progress = Extract<WorkbenchEvent, { type: 'progress' }>;

export const liveFolder = (dataDir: string): string => join(dataDir, 'live');

/**
 * How far trainers are, told from process to process: a small file for each that trains, named for the
 * lock that its runs are owned by. It is written without waiting for the disk and nothing in it is
 * ever missed: what is to be kept stands in the history.
 */
export class LiveProgress {
  readonly #folder: string;
  readonly #owners: History['owners'];
  readonly #own = new Map<string, Progress>();
  readonly #readAt = new Map<string, number>();
  #toldAt = -Infinity;
  #path: string | null = null;

  /** Removes what processes left that are gone. */
  constructor(dataDir: string, owners: History['owners']) {
    this.#folder = liveFolder(dataDir);
    this.#owners = owners;
    this.#attempt(() => {
      const known = owners.listTrainedElsewhere();
      const names = readdirSync(this.#folder).filter((name) => !name.startsWith('.'));
      const left = names.filter((name) => !known.has(name));
      for (const name of left) rmSync(join(this.#folder, name), { force: true });
    });
  }

  /** Takes note of what this process's trainers say, and of their end. */
  note(event: WorkbenchEvent): void {
    if (event.type === 'run' && event.run.status !== 'running') {
      if (this.#own.delete(event.run.id) && this.#own.size === 0) this.close();
    }
    if (event.type !== 'progress') return;
    const { stepLosses = this.#lossesOf(event) } = event;
    this.#own.set(event.runId, { ...event, ...(stepLosses && { stepLosses }) });
    const now = performance.now();
    if (now - this.#toldAt < intervalMs) return;
    this.#toldAt = now;
    this.#attempt(() => {
      this.#write();
    });
  }

  /** What other processes told of their trainers since it was last asked. */
  readNews(): Progress[] {
    return [...this.#owners.listTrainedElsewhere()].flatMap(([name, runIds]) =>
      this.#readFile(name).filter(({ runId }) => runIds.includes(runId)),
    );
  }

  close(): void {
    const path = this.#path;
    this.#path = null;
    if (path === null) return;
    this.#attempt(() => {
      rmSync(path);
    });
  }

  #lossesOf({ runId, progress }: Progress): Progress['stepLosses'] {
    const before = this.#own.get(runId);
    return before?.progress.epoch === progress.epoch ? before.stepLosses : undefined;
  }

  #write(): void {
    this.#path ??= join(this.#folder, this.#owners.lockName);
    postFile(this.#path, JSON.stringify([...this.#own.values()]));
  }

  #readFile(name: string): Progress[] {
    const read = this.#attempt(() => {
      const path = join(this.#folder, name);
      const { mtimeMs } = statSync(path);
      if (this.#readAt.get(name) === mtimeMs) return [];
      this.#readAt.set(name, mtimeMs);
      return eventsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    });
    return (read ?? []).filter((event) => event.type === 'progress');
  }

  /** Null where the file is not there, or its place cannot be written: then nothing is told. */
  #attempt<T>(work: () => T): T | null {
    try {
      return work();
    } catch {
      return null;
    }
  }
}
