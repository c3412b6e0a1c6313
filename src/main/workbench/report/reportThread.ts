import { dirname, join } from 'node:path';
import { DatasetLibrary } from '../../datasets/library.ts';
import { answerTask, type Report as Tell } from '../../platform/threads.ts';
import { openHistory } from '../../store/history.ts';
import { version } from '../../version.ts';
import { DatasetCache } from '../datasetsApi.ts';
import { openExplaining } from '../explaining.ts';
import { packFolder } from '../packFolder.ts';
import { RunDatasets } from '../runDatasets.ts';
import { openReportParts, requestOfStudy } from './reportParts.ts';
import { writeReport } from './writeReport.ts';

/** What the thread of a report is started with. */
export interface ReportJob {
  dataDir: string;
  studyId: string;
  /** The archive that shall be there at the end; its folder is the report's own. */
  path: string;
}

/** Reads the history by a connection of its own: the process answers meanwhile. */
async function report({ dataDir, studyId, path }: ReportJob, tell: Tell): Promise<null> {
  const history = openHistory({ dataDir, version });
  try {
    const library = new DatasetLibrary(join(dataDir, 'datasets'), history.datasets);
    const datasets = new RunDatasets(history, new DatasetCache(library));
    const explaining = openExplaining({ dataDir, history, datasets });
    const parts = openReportParts(history, library, explaining);
    const out = join(dirname(path), 'report');
    const files = await writeReport(parts, requestOfStudy(history, studyId), out, tell);
    await packFolder(files, path);
    await explaining.close();
    return null;
  } finally {
    history.close();
  }
}

await answerTask(report);
