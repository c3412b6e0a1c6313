import type { BundleStep } from '../../shared/bundleCalls.ts';
import type { LongTaskProgress } from '../../shared/longTask.ts';
import { AfterimageError } from '../../core/errors.ts';
import { streamTask, type LongTaskOptions } from '../platform/longTask.ts';
import { runInThread } from '../platform/threads.ts';
import type { WorkbenchApi } from '../router.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import type { History } from '../store/history.ts';
import type { BundleTransfers } from './bundleTransfers.ts';
import type { ExportJob } from './exportThread.ts';
import { importRuns } from './importRuns.ts';
import { importWeights } from './importWeights.ts';
import type { ReportJob } from './report/reportThread.ts';

const reportThread = new URL('./report/reportThread.ts', import.meta.url);
const exportThread = new URL('./exportThread.ts', import.meta.url);

type BundlesApi = Pick<
  WorkbenchApi['runs'],
  | 'exportBundle'
  | 'exportFiles'
  | 'exportReport'
  | 'readBundle'
  | 'importBundle'
  | 'importWeights'
  | 'sendBundle'
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

/** Gives a call a file of its own, which leaves in pieces once `make` has written it. */
const sendMade = (
  transfers: BundleTransfers,
  make: (path: string, options: LongTaskOptions) => Promise<unknown>,
  leaving: AbortSignal | undefined,
): AsyncGenerator<BundleStep, void> =>
  streamTask(
    (report: (step: BundleStep) => void, ending) =>
      transfers.withFile(ending, async (path, signal) => {
        await make(path, { onProgress: reporter(report), signal });
        await transfers.send(
          path,
          (ready) => {
            report({ type: 'ready', ...ready });
          },
          signal,
        );
      }),
    leaving,
  );

/** Takes a file in pieces, then has it read. */
const takeSent = <Result>(
  { history, transfers }: { history: History; transfers: BundleTransfers },
  { name, bytes }: { name: string; bytes: number },
  read: (path: string, options: LongTaskOptions) => Promise<Result>,
  leaving: AbortSignal | undefined,
): AsyncGenerator<BundleStep, Result> =>
  streamTask((report: (step: BundleStep) => void, ending) => {
    // Before anything crosses.
    history.requireWritable();
    return transfers.withFile(ending, async (path, signal) => {
      const ready = (file: { bundleId: string; bytes: number }): void => {
        report({ type: 'ready', ...file });
      };
      await transfers.receive({ path, bytes }, ready, signal);
      try {
        return await read(path, { onProgress: reporter(report), signal });
      } catch (error) {
        throw renameIn(error, path, name);
      }
    });
  }, leaving);

interface Parts {
  history: History;
  library: DatasetLibrary;
  transfers: BundleTransfers;
  /** Tells everyone of runs that are new. */
  announce: (runIds: readonly string[]) => void;
}

export function buildBundlesApi(parts: Parts): BundlesApi {
  const { history, library, transfers, announce } = parts;
  const { dataDir } = history.info();
  return {
    exportBundle: ({ runIds, withData }, { signal }) => {
      const datasets = withData ? library : undefined;
      return sendMade(
        transfers,
        (path, options) => history.exportBundle(runIds, path, { ...options, datasets }),
        signal,
      );
    },
    exportFiles: (wanted, { signal }) =>
      sendMade(
        transfers,
        (path, options) => {
          const job = { ...wanted, dataDir, path } satisfies ExportJob;
          return runInThread<null>(exportThread, job, options);
        },
        signal,
      ),
    exportReport: ({ studyId }, { signal }) =>
      sendMade(
        transfers,
        (path, options) => {
          const job = { studyId, dataDir, path } satisfies ReportJob;
          return runInThread<null>(reportThread, job, options);
        },
        signal,
      ),
    readBundle: ({ bundleId, offset }) => transfers.read(bundleId, offset),
    importBundle: (file, { signal }) =>
      takeSent(
        parts,
        file,
        async (path, options) => {
          const result = await importRuns(path, { history, library }, options);
          announce(result.imported);
          return result;
        },
        signal,
      ),
    importWeights: ({ run, names, epsilon, ...file }, { signal }) =>
      takeSent(
        parts,
        file,
        async (path, options) => {
          const weights = { path, called: file.name, run, names, epsilon };
          const result = await importWeights(weights, { history, library }, options);
          announce([result.runId]);
          return result;
        },
        signal,
      ),
    sendBundle: ({ bundleId, offset, piece }) => transfers.write(bundleId, offset, piece),
  };
}
