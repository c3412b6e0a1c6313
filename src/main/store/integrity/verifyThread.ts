/** The thread of `verifyInThread`: reads one history to its last byte, and says what it finds. */
import { answerTask, type Report } from '../../platform/threads.ts';
import { openDatabase, openSingleFile } from '../database/openDatabase.ts';
import { verifyHistory } from './verify.ts';
import type { VerifiedFile } from './verifyInThread.ts';

await answerTask(
  async ({ path, name, appVersion, isSingleFile }: VerifiedFile, onProgress: Report) => {
    const connection = isSingleFile
      ? openSingleFile(path, appVersion, name)
      : openDatabase(path, appVersion);
    try {
      // One view of it from first to last: what is stored meanwhile cannot look like damage.
      connection.exec('BEGIN');
      return await verifyHistory(connection, { onProgress });
    } finally {
      connection.close();
    }
  },
);
