import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What each does, where `here` has `queue`, which is what `squeue` prints, and `calls`, what was asked. */
const programs = {
  squeue: 'cat "$here/queue"',
  sbatch: 'echo "sbatch $*" >> "$here/calls"; grep -c sbatch "$here/calls"',
  scancel: 'echo "scancel $*" >> "$here/calls"',
  scontrol: 'echo "MaxArraySize = 1001"',
  sacct: 'exit 1',
};
const silence = 'echo "error: Unable to contact slurm controller" >&2; exit 1';

/** Programs in the place of Slurm's: jobs are numbered from 1, and what the queue has is up to the test. */
export class SlurmPrograms {
  readonly #folder: string;

  /** @param folder that is theirs */
  constructor(folder: string) {
    this.#folder = folder;
    for (const [name, does] of Object.entries(programs)) this.#write(name, does);
    this.setQueue();
  }

  #write(name: string, does: string): void {
    const path = join(this.#folder, name);
    writeFileSync(path, `#!/bin/sh\nhere='${this.#folder}'\n${does}\n`);
    chmodSync(path, 0o755);
  }

  /** For a process that shall find them. */
  get path(): string {
    return [this.#folder, process.env['PATH'] ?? ''].join(delimiter);
  }

  /** Rows of `job|place|state|reason|node`. */
  setQueue(...rows: string[]): void {
    writeFileSync(join(this.#folder, 'queue'), rows.map((row) => `${row}\n`).join(''));
  }

  /** What was submitted and cancelled. */
  calls(): string[] {
    const path = join(this.#folder, 'calls');
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  }

  /** As where no controller answers. */
  fallSilent(): void {
    for (const name of Object.keys(programs)) this.#write(name, silence);
  }
}
