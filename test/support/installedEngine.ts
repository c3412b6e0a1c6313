import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the native engine in AFTERIMAGE_DATA_DIR, or null: its tests are then skipped. */
export const installedEngineFolder = ((): string | null => {
  const dataDir = process.env['AFTERIMAGE_DATA_DIR'];
  if (dataDir === undefined) return null;
  const current = join(dataDir, 'engines', 'current.json');
  if (!existsSync(current)) return null;
  const { folder } = JSON.parse(readFileSync(current, 'utf8')) as { folder: string };
  return join(dataDir, 'engines', folder);
})();
