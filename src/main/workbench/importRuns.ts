import type { ImportResult } from '../../shared/bundleCalls.ts';
import { isBuiltinName } from '../datasets/builtin.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import type { History } from '../store/history.ts';

/** Reads a bundle's runs, and its data sets where it has them; built-in ones come when they are used. */
export async function importRuns(
  path: string,
  { history, library }: { history: History; library: DatasetLibrary },
  options: LongTaskOptions = {},
): Promise<ImportResult> {
  const result = await history.importBundle(path, { ...options, datasets: library });
  return { ...result, absent: result.absent.filter(({ name }) => !isBuiltinName(name)) };
}
