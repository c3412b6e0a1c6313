import { spawnSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { onTestFinished, type TestContext } from 'vitest';

const mount = (...words: string[]): boolean => spawnSync('mount', words).status === 0;

/** Makes a folder read-only, for the superuser as well; leaves out the test where that cannot be. */
export async function protect(folder: string, { skip }: Pick<TestContext, 'skip'>): Promise<void> {
  if (process.getuid?.() !== 0) {
    await chmod(folder, 0o555);
    onTestFinished(() => chmod(folder, 0o755));
    return;
  }
  if (!mount('--bind', folder, folder)) skip('the superuser may write everywhere but on a mount');
  onTestFinished(() => {
    spawnSync('umount', [folder]);
  });
  if (!mount('-o', 'remount,bind,ro', folder)) skip('mounts cannot be made read-only here');
}
