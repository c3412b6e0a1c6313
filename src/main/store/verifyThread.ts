/** The thread of `verifyInThread`: reads one history to its last byte, and says what it finds. */
import { parentPort, workerData } from 'node:worker_threads';
import { AfterimageError } from '../../shared/errors.ts';
import { openDatabase, openSingleFile } from './openDatabase.ts';
import { verifyHistory } from './verify.ts';
import type { VerifiedFile, VerifyMessage } from './verifyInThread.ts';

const { path, name, appVersion, isSingleFile } = workerData as VerifiedFile;
const say = (message: VerifyMessage): void => {
  parentPort?.postMessage(message);
};

async function verify(): Promise<string[]> {
  const connection = isSingleFile
    ? openSingleFile(path, appVersion, name)
    : openDatabase(path, appVersion);
  try {
    // One view of it from first to last: what is stored meanwhile cannot look like damage.
    connection.exec('BEGIN');
    return await verifyHistory(connection, {
      onProgress: (progress) => {
        say({ type: 'progress', progress });
      },
    });
  } finally {
    connection.close();
  }
}

try {
  say({ type: 'done', problems: await verify() });
} catch (error) {
  if (!(error instanceof AfterimageError)) throw error;
  const { code, message, remedy } = error;
  say({ type: 'failed', code, message, remedy });
}
