import type { BundleStep } from '../../shared/bundleCalls.ts';
import type { LongTaskProgress } from '../../shared/longTask.ts';
import { AfterimageError } from '../../core/errors.ts';
import { streamTask } from '../platform/longTask.ts';
import type { WorkbenchApi } from '../router.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import type { History } from '../store/history.ts';
import { importRuns } from './importRuns.ts';
import type { BundleTransfers } from './bundleTransfers.ts';

type BundlesApi = Pick<
  WorkbenchApi['runs'],
  'exportBundle' | 'readBundle' | 'importBundle' | 'sendBundle'
>;

const reporter =
  (report: (step: BundleStep) => void) =>
  (progress: LongTaskProgress): void => {
    report({ type: 'progress', ...progress });
  };

/** Errors name the file that the user chose, not the copy that the workbench reads. */
function renameIn(error: unknown, path: string, name: string): unknown {
  if (!(error instanceof AfterimageError)) return error;
  return new AfterimageError(
    error.code,
    error.message.replaceAll(path, name),
    error.remedy,
    error.cause,
  );
}

export function buildBundlesApi(parts: {
  history: History;
  library: DatasetLibrary;
  transfers: BundleTransfers;
  /** Tells everyone of runs that are new. */
  announce: (runIds: readonly string[]) => void;
}): BundlesApi {
  const { history, library, transfers, announce } = parts;
  return {
    exportBundle: ({ runIds }, { signal: leaving }) =>
      streamTask(
        (report: (step: BundleStep) => void, ending) =>
          transfers.withFile(ending, async (path, signal) => {
            await history.exportBundle(runIds, path, { onProgress: reporter(report), signal });
            await transfers.send(
              path,
              (ready) => {
                report({ type: 'ready', ...ready });
              },
              signal,
            );
          }),
        leaving,
      ),
    readBundle: ({ bundleId, offset }) => transfers.read(bundleId, offset),
    importBundle: ({ name, bytes }, { signal: leaving }) =>
      streamTask((report: (step: BundleStep) => void, ending) => {
        // Before anything crosses.
        history.requireWritable();
        return transfers.withFile(ending, async (path, signal) => {
          const ready = (file: { bundleId: string; bytes: number }): void => {
            report({ type: 'ready', ...file });
          };
          await transfers.receive({ path, bytes }, ready, signal);
          try {
            const options = { onProgress: reporter(report), signal };
            const result = await importRuns(path, { history, library }, options);
            announce(result.imported);
            return result;
          } catch (error) {
            throw renameIn(error, path, name);
          }
        });
      }, leaving),
    sendBundle: ({ bundleId, offset, piece }) => transfers.write(bundleId, offset, piece),
  };
}
