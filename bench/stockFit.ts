/**
 * paper-cnn as stock tfjs trains it, by `tf.layers` and `model.fit`, on the native engine's library:
 * `node bench/stockFit.ts --threads 2 --batch 64`. Prints one JSON document: images per second under C.
 */
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { chooseDataDir } from '../src/main/cli/dataDir.ts';
import { findCurrentEngine } from '../src/main/engines/layout.ts';
import { loadNativeBackend } from '../src/main/learning/engine/native/load.ts';

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    batch: { type: 'string', default: '64' },
    seconds: { type: 'string', default: '10' },
    'data-dir': { type: 'string' },
  },
});
const installed = await findCurrentEngine(chooseDataDir(values['data-dir']));
if (installed === null) throw new Error('Install the native engine first: engine install');
await loadNativeBackend(installed.folder, Number(values.threads));

const batchSize = Number(values.batch);
const count = 20 * batchSize;

const block = (filters: number, first: object = {}): tf.layers.Layer[] => [
  tf.layers.conv2d({ filters, kernelSize: 3, padding: 'same', ...first }),
  tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 }),
  tf.layers.reLU(),
  tf.layers.maxPooling2d({ poolSize: 2 }),
];
const model = tf.sequential({
  layers: [
    ...block(32, { inputShape: [28, 28, 1] }),
    ...block(64),
    ...block(128),
    tf.layers.flatten(),
    tf.layers.dropout({ rate: 0.5 }),
    tf.layers.dense({ units: 256, activation: 'relu' }),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ],
});
model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy' });
const images = tf.randomUniform([count, 28, 28, 1], 0, 1, 'float32', 1);
const labels = tf.cast(
  tf.oneHot(
    Array.from({ length: count }, (_, i) => i % 10),
    10,
  ),
  'float32',
);
const fit = (): Promise<unknown> =>
  model.fit(images, labels, { batchSize, epochs: 1, shuffle: true });

await fit();
const began = performance.now();
const elapsedSeconds = (): number => (performance.now() - began) / 1000;
let epochs = 0;
while (elapsedSeconds() < Number(values.seconds)) {
  await fit();
  epochs += 1;
}
console.log(JSON.stringify({ batch: batchSize, C: (epochs * count) / elapsedSeconds() }));
