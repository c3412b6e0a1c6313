/** The thread of `verifyInThread`: reads one history to its last byte, and says what it finds. */
import { answerTask, type Report } from '../../platform/threads.ts';
import type { Connection } from '../database/connection.ts';
import { openDatabase, openForReading, openSingleFile } from '../database/openDatabase.ts';
import { verifyHistory } from './verify.ts';
import type { VerifiedFile } from './verifyInThread.ts';

function open({ path, name, appVersion, kind }: VerifiedFile): Connection {
  switch (kind) {
    case 'history':
      return openDatabase(path, appVersion);
    case 'unwritten':
      return openForReading(path);
    case 'single':
      return openSingleFile(path, appVersion, name);
  }
}

await answerTask(async (file: VerifiedFile, onProgress: Report) => {
  const connection = open(file);
  try {
    // One view of it from first to last: what is stored meanwhile cannot look like damage.
    connection.exec('BEGIN');
    return await verifyHistory(connection, { onProgress });
  } finally {
    connection.close();
  }
});
