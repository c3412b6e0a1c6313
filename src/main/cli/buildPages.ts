import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AfterimageError } from '../../core/errors.ts';
import { replaceFolder } from '../platform/files.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** When anything at or below a path was last changed, in ms since 1970; 0 where there is nothing. */
function lastChange(path: string): number {
  if (!existsSync(path)) return 0;
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(...readdirSync(path).map((name) => lastChange(join(path, name))), 0);
}

/** Whether what was built is newer than all it is made of. @param sources paths below `folder` */
export function isFresh(folder: string, built: string, sources: readonly string[]): boolean {
  const changed = Math.max(...sources.map((source) => lastChange(join(folder, source))));
  return lastChange(join(folder, built)) > changed;
}

/** What every build of the window is made of, below the project's folder. */
export const everyBuild = ['src/core', 'src/shared', 'package-lock.json', 'vite.config.ts'];

/**
 * Builds the workbench's pages into out/renderer, unless they are newer than everything they are made
 * of, or there are no sources to build them from. Tells `note` when it begins.
 */
export async function ensurePages(note: (text: string) => void): Promise<void> {
  const config = join(root, 'vite.config.ts');
  const sources = ['src/renderer', ...everyBuild];
  if (!existsSync(config) || isFresh(root, 'out/renderer/index.html', sources)) return;
  note('Building the workbench’s pages...');
  // Loaded only when needed: builders take longer to load than the workbench to start.
  const { build } = await import('vite').catch((error: unknown) => {
    throw new AfterimageError(
      'NOT_FOUND',
      'What builds the workbench’s pages is not installed.',
      'Run `npm ci`, which brings it.',
      error,
    );
  });
  await replaceFolder(join(root, 'out/renderer'), async (outDir) => {
    await build({ configFile: config, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  });
}
