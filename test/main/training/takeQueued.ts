/**
 * A process that starts on a history with queued runs, as a server does:
 * `node takeQueued.ts DATA_DIR WHEN` takes those at a time in ms, and prints the ids of what it took.
 */
import { openHistory } from '../../../src/main/store/history.ts';
import { Training } from '../../../src/main/training/training.ts';
import { version } from '../store/fixtures.ts';

const [dataDir = '', when = ''] = process.argv.slice(2);
const history = openHistory({ dataDir, version });
const training = new Training({
  history,
  jobs: 1000,
  startTrainer: () => ({ send: () => undefined, kill: () => undefined }),
  prepare: () => new Promise(() => undefined),
  publish: () => undefined,
});
while (Date.now() < Number(when));
training.submitWaiting();
console.log(JSON.stringify(training.active));
// The other is still there, as a server would be.
setTimeout(() => process.exit(), 1500);
