import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { EngineName } from '../../src/core/records.ts';

const enginesFolder = ((): string | null => {
  const dataDir = process.env['AFTERIMAGE_DATA_DIR'];
  if (dataDir === undefined) return null;
  const folder = resolve(dataDir, 'engines');
  return existsSync(join(folder, 'current.json')) ? folder : null;
})();

/** The folder of the native engine in AFTERIMAGE_DATA_DIR, or null: its tests are then skipped. */
export const installedEngineFolder = ((): string | null => {
  if (enginesFolder === null) return null;
  const pointer = readFileSync(join(enginesFolder, 'current.json'), 'utf8');
  return join(enginesFolder, (JSON.parse(pointer) as { folder: string }).folder);
})();

/** Gives a data folder the native engine of AFTERIMAGE_DATA_DIR, where there is one. */
export function lendEngine(dataDir: string): void {
  if (enginesFolder !== null) symlinkSync(enginesFolder, join(dataDir, 'engines'));
}

/** The engines that whole runs can be tested on here. */
export const testedEngines: readonly EngineName[] =
  installedEngineFolder === null ? ['wasm'] : ['wasm', 'native'];
