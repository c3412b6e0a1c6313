/**
 * A process that starts on a history with queued runs, as a server does: `fork('takeQueued.ts', [DATA_DIR])`
 * says that it is there, takes those at the time in ms that it is told, and says the ids of what it took.
 */
import { openHistory } from '../../../src/main/store/history.ts';
import { Training } from '../../../src/main/training/training.ts';
import { version } from '../store/fixtures.ts';

const [dataDir = ''] = process.argv.slice(2);
const history = openHistory({ dataDir, version });
const training = new Training({
  history,
  jobs: 1000,
  startTrainer: () => ({ send: () => undefined, kill: () => undefined }),
  prepare: () => new Promise(() => undefined),
  publish: () => undefined,
});
// It stays until it is ended, as a server would.
process.on('message', (when) => {
  while (Date.now() < Number(when));
  training.submitWaiting();
  process.send?.(training.active);
});
process.send?.('there');
