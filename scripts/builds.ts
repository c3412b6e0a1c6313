import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const inRoot = (path: string): string => join(root, path);

/** When anything at or below a path was last changed, in ms since 1970; 0 where there is nothing. */
function lastChange(path: string): number {
  if (!existsSync(path)) return 0;
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(...readdirSync(path).map((name) => lastChange(join(path, name))), 0);
}

function isFresh(built: string, sources: readonly string[]): boolean {
  const changed = Math.max(...sources.map((source) => lastChange(inRoot(source))));
  return lastChange(inRoot(built)) > changed;
}

const everyBuild = ['src/core', 'src/shared', 'package-lock.json', 'vite.config.ts'];

/** Builds the renderer into out/renderer, unless that is newer than everything it is made of. */
export async function ensureRenderer(): Promise<void> {
  if (isFresh('out/renderer/index.html', ['src/renderer', ...everyBuild])) return;
  console.error('Building the workbench’s pages...');
  // Loaded only when needed: builders take longer to load than the workbench to start.
  const { build } = await import('vite');
  await build({
    configFile: inRoot('vite.config.ts'),
    logLevel: 'warn',
  });
}

/** Builds shell, preload and renderer into out, unless they are newer than what they are made of. */
export async function ensureShell(): Promise<void> {
  await ensureRenderer();
  if (isFresh('out/preload/index.cjs', ['src', ...everyBuild, 'electron.vite.config.ts'])) return;
  console.error('Building the window...');
  for (const folder of ['out/main', 'out/core', 'out/shared'])
    rmSync(inRoot(folder), { recursive: true, force: true });
  const { build } = await import('electron-vite');
  await build({ root, configFile: inRoot('electron.vite.config.ts'), logLevel: 'warn' });
}
