/**
 * Starts a built shell, trains a small run through its window's port, and quits. `AFTERIMAGE_SHELL` is the path of
 * its entry.
 */
import { pathToFileURL } from 'node:url';
import { changeSettings } from '../../../src/core/config/settingValues.ts';
import { MessageChannel } from 'node:worker_threads';
import { createApi, dialPort } from '../../../src/renderer/api.ts';
import { presets } from '../../../src/core/config/presets.ts';
import { gather } from '../../support/pieces.ts';
import { double } from './electron.ts';

await import(pathToFileURL(process.env['AFTERIMAGE_SHELL'] ?? '').href);
while (double.windows.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
const [window] = double.windows;

const { port1, port2 } = new MessageChannel();
double.ipcMain.emit('afterimage:port', {
  sender: window?.webContents,
  senderFrame: window?.webContents.mainFrame,
  ports: [
    {
      postMessage: (message: unknown) => {
        port1.postMessage(message);
      },
      on: (name: string, listener: (event: { data: unknown }) => void) =>
        port1.on(name, (data: unknown) => {
          listener({ data });
        }),
      start: () => {
        port1.start();
      },
    },
  ],
});
const { client } = createApi(() => Promise.resolve(dialPort(port2 as unknown as MessagePort)));

const events = await client.events({});
const small = { 'data.trainExamples': 128, 'data.testExamples': 20, 'training.epochs': 1 };
const config = changeSettings(presets['mnist-r'], small);
await client.runs.create({
  runs: [{ name: 'small', experiment: 'smoke', config, seed: 1 }],
  engine: 'wasm',
});
for await (const event of events) {
  if (event.type === 'epoch') console.log(`epoch ${event.metrics.epoch}`);
  if (event.type !== 'run') continue;
  console.log(event.run.status, event.run.error?.message ?? '');
  if (event.run.status === 'completed' || event.run.status === 'failed') break;
}
const [run] = await gather(client.runs.list({}));
const runId = run?.id ?? '';
const [example] = await client.examples.list({ runId, filters: ['all'], limit: 1 });
const maps = await client.examples.classMaps({ runId, exampleId: example?.exampleId ?? -1 });
console.log(`maps of every class: ${maps.size > 1000 ? 'whole' : 'too small'}`);
double.app.quit();
