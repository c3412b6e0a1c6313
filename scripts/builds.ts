import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePages, everyBuild, isFresh } from '../src/main/cli/buildPages.ts';

const root = join(import.meta.dirname, '..');
const inRoot = (path: string): string => join(root, path);

/** Builds the renderer into out/renderer, unless that is newer than everything it is made of. */
export const ensureRenderer = (): Promise<void> => ensurePages(console.error);

/** Builds shell, preload and renderer into out, unless they are newer than what they are made of. */
export async function ensureShell(): Promise<void> {
  await ensureRenderer();
  const sources = ['src', ...everyBuild, 'electron.vite.config.ts'];
  if (isFresh(root, 'out/preload/index.cjs', sources)) return;
  console.error('Building the window...');
  for (const folder of ['out/main', 'out/core', 'out/shared'])
    rmSync(inRoot(folder), { recursive: true, force: true });
  const { build } = await import('electron-vite');
  await build({ root, configFile: inRoot('electron.vite.config.ts'), logLevel: 'warn' });
}
