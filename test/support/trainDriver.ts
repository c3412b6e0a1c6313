/**
 * Trains a run in a data folder, or lets the one that is there go on, with a checkpoint after almost
 * every step: `node trainDriver.ts DATA_DIR EPOCHS ENGINE`. Prints a line per event of training.
 */
import { changeSettings } from '../../src/core/config/settingValues.ts';
import { presets } from '../../src/core/config/presets.ts';
import { openWorkbench } from '../../src/main/workbench.ts';
import { engineInfoSchema } from '../../src/core/records.ts';

const [dataDir = '', epochs = '1', engine] = process.argv.slice(2);
const workbench = await openWorkbench({ dataDir, jobs: 1, checkpointIntervalMs: 10 });
const { api, history, training, events } = workbench;

const config = changeSettings(presets['mnist-r'], {
  'data.dataset': 'digits',
  'training.epochs': Number(epochs),
  'training.patience': null,
});
const stream = events.read({});
const [run] = history.runs.list();
if (run === undefined) {
  const runs = [{ name: 'driven', experiment: 'driven', config, seed: 7 }];
  await api.runs.create({ runs, engine: engineInfoSchema.shape.name.parse(engine) }, {});
} else {
  training.resume(run.id);
}
void (async () => {
  for await (const event of stream) console.error(event.type);
})();
await training.idle;
await workbench.close();
