/**
 * How long an audit by the usual methods takes on all cores, beside what the network alone would take for
 * as many images: `node bench/audit.ts --run RUN [--data-dir DIR] [--examples 500]`. Figures: explainers.md.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { describeModel } from '../src/core/models/network.ts';
import { decodeSafetensors } from '../src/core/formats/safetensors.ts';
import { valuesPerImage } from '../src/core/pixels.ts';
import { usualMethods } from '../src/core/trust/audit.ts';
import { chooseDataDir } from '../src/main/cli/dataDir.ts';
import { openWasmEngine } from '../src/main/learning/engine/wasm/wasmEngine.ts';
import { openExplainable } from '../src/main/learning/explainers/explainable.ts';
import { imagesAtOnce } from '../src/main/learning/explainers/method.ts';
import { flattenParameters } from '../src/main/learning/model/parameters.ts';
import { openWorkbench } from '../src/main/workbench.ts';
import { print, printHead, printMachine } from './measure.ts';

const { values } = parseArgs({
  options: {
    run: { type: 'string', default: '' },
    'data-dir': { type: 'string' },
    examples: { type: 'string', default: '500' },
  },
});

const workbench = await openWorkbench({ dataDir: chooseDataDir(values['data-dir']) });
const { history, audits } = workbench;
const runId = history.runs.resolve(values.run);
const { config } = history.runs.getSummary(runId);

/** Images a second that one thread's network answers for. */
async function measureNetwork(): Promise<number> {
  const format = { imageSize: 28, channels: 1 } as const;
  const model = describeModel(config.model, format, 10);
  const opened = openExplainable({
    ...{ engine: await openWasmEngine(), model, targetLayer: config.cam.targetLayer },
    normalization: { mean: 0.1, standardDeviation: 0.3 },
  });
  const { tensors } = decodeSafetensors(history.weights.get(runId, null).weights, 'the weights');
  opened.setWeights(
    [model.parameters, model.statistics].map((specs) => flattenParameters(tensors, specs)),
  );
  const images = new Float32Array(imagesAtOnce * valuesPerImage(format)).fill(0.5);
  opened.explainable.logits(images);
  const began = performance.now();
  let count = 0;
  for (; performance.now() - began < 3000; count += imagesAtOnce) opened.explainable.logits(images);
  return (1000 * count) / (performance.now() - began);
}

printMachine();
const perSecond = await measureNetwork();
let passes = 0;
const began = performance.now();
await audits.run(
  {
    ...{ runId, epochs: null, seed: 1, examples: Number(values.examples) },
    methods: usualMethods.map((name) => ({ name, options: {} })),
  },
  { onProgress: ({ total }) => (passes = total ?? 0) },
);
const seconds = (performance.now() - began) / 1000;
await workbench.close();
const alone = passes / perSecond / availableParallelism();
printHead('images', 'audit, s', 'seen by the network', 'the network alone, s', 'ratio');
print(values.examples, seconds.toFixed(1), passes, alone.toFixed(1), (seconds / alone).toFixed(2));
