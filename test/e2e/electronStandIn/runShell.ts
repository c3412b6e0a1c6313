import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { join } from 'node:path';

/** Has a built shell train from its window with Electron stood in for, see `trainInWindow.ts`. @param shell path of its entry */
export const runShell = (shell: string, dataDir: string): SpawnSyncReturns<string> =>
  spawnSync(
    process.execPath,
    [
      ...['--import', join(import.meta.dirname, 'register.ts')],
      ...[join(import.meta.dirname, 'trainInWindow.ts'), '--data-dir', dataDir],
    ],
    { encoding: 'utf8', timeout: 120_000, env: { ...process.env, AFTERIMAGE_SHELL: shell } },
  );
