import { dirname, join } from 'node:path';
import { formatOf, nameExport, type ExportFiles } from '../../shared/exportCalls.ts';
import { DatasetLibrary } from '../datasets/library.ts';
import { answerTask, type Report } from '../platform/threads.ts';
import { openHistory } from '../store/history.ts';
import { version } from '../version.ts';
import { DatasetCache } from './datasetsApi.ts';
import { exportRuns } from './exportRuns.ts';
import { packFolder } from './packFolder.ts';
import { RunDatasets } from './runDatasets.ts';

/** What the thread of an export is started with. */
export interface ExportJob extends ExportFiles {
  dataDir: string;
  /** The file that shall be there at the end; its folder is the export's own. */
  path: string;
}

/** Reads the history by a connection of its own: the process answers meanwhile. */
async function writeExport(
  { dataDir, path, runIds, format, epochs, resized }: ExportJob,
  report: Report,
): Promise<null> {
  const history = openHistory({ dataDir, version });
  try {
    const library = new DatasetLibrary(join(dataDir, 'datasets'), history.datasets);
    const datasets = new RunDatasets(history, new DatasetCache(library));
    const isFolder = formatOf(format).extension === null;
    const out = isFolder ? join(dirname(path), nameExport(runIds)) : path;
    const choices = { format, epochs, resized, withData: false, out };
    const parts = { history, library, datasets };
    const files = await exportRuns({ runIds, ...choices }, parts, report);
    report({ step: 'Packing the file', done: 0, total: null });
    if (isFolder) await packFolder(files, path);
    return null;
  } finally {
    history.close();
  }
}

await answerTask(writeExport);
