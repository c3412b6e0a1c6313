import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { onTestFinished, type TestContext } from 'vitest';
import { makeFolder } from './digits.ts';

/** A file system of its own for one test, which is left out where none can be mounted. */
export function mountSmallDisk(megabytes: number, { skip }: Pick<TestContext, 'skip'>): string {
  const folder = makeFolder();
  const size = `size=${megabytes}m`;
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', folder]);
  if (status !== 0) skip('a file system can be mounted only by the superuser');
  onTestFinished(() => {
    spawnSync('umount', ['-l', folder]);
  });
  return folder;
}

/** Writes until not a block is left. */
export function fillDisk(file: string): void {
  const block = new Uint8Array(2 ** 14);
  try {
    for (;;) writeFileSync(file, block, { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
