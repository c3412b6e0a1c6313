/** What the tests let another process write, until it is killed: `node writer.ts TASK FOLDER`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { saveOutput } from '../../../src/main/platform/files.ts';
import { nameUnfinished } from '../../../src/main/platform/unfinished.ts';

const [task = '', folder = ''] = process.argv.slice(2);

const tasks: Record<string, () => void> = {
  /** Begins a file, a database with its log, and a folder with a file; prints how they are named. */
  begin: () => {
    const [file, database, inside] = [1, 2, 3].map(() => nameUnfinished(folder));
    writeFileSync(file ?? '', 'half');
    for (const suffix of ['', '-journal', '-wal', '-shm'])
      writeFileSync(`${database}${suffix}`, '');
    mkdirSync(inside ?? '');
    writeFileSync(join(inside ?? '', 'runs'), 'half');
    console.log('begun');
    setInterval(() => undefined, 1000);
  },
  /** Writes 64 MB over and over. */
  overwrite: () => {
    const content = new Uint8Array(2 ** 26).fill(1);
    const again = (): Promise<void> => saveOutput(join(folder, 'kept'), content).then(again);
    void again();
    console.log('begun');
  },
};

tasks[task]?.();
