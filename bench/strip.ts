/**
 * How soon the strip of all quick methods stands for one image of a run that nobody has explained, in a
 * process that has just started: `node bench/strip.ts --run RUN [--data-dir DIR] [--images 10]`. Figures:
 * explainers.md.
 */
import { parseArgs } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { measureSizes } from '../src/core/explainers/cost.ts';
import { explainersOf } from '../src/core/explainers/registry.ts';
import { chooseDataDir } from '../src/main/cli/dataDir.ts';
import { openWorkbench } from '../src/main/workbench.ts';
import { isQuick, withDefaults } from '../src/renderer/components/scrubber/explainedBy.ts';
import { percentile, print, printHead, printMachine } from './measure.ts';

const { values } = parseArgs({
  options: {
    run: { type: 'string', default: '' },
    'data-dir': { type: 'string' },
    images: { type: 'string', default: '10' },
  },
});

const workbench = await openWorkbench({ dataDir: chooseDataDir(values['data-dir']) });
const { history, explanations } = workbench;
const runId = history.runs.resolve(values.run);
const { config } = history.runs.getSummary(runId);
const sizes = measureSizes({
  ...{ model: config.model, targetLayer: config.cam.targetLayer },
  ...{ imageSize: 28, channels: 1, classes: 10 },
});
const methods = explainersOf(config.model)
  .map(withDefaults)
  .filter((method) => isQuick(method, sizes));
const { exampleIds } = history.examples.getEpoch(runId, null);
const count = Number(values.images);
/** Others the next time, so that nothing is taken from what is kept. */
const begin = Date.now();
const [opened = 0, ...asked] = Array.from(
  { length: count + 1 },
  (_, i) => exampleIds[(begin + 37 * i) % exampleIds.length] ?? 0,
);

async function measure(exampleId: number): Promise<number> {
  const began = performance.now();
  const query = { runId, exampleId, epoch: null, target: 'predicted', seed: 0, methods } as const;
  const outcomes = await explanations.attempt(query, {});
  const ms = performance.now() - began;
  const problem = outcomes.find((outcome) => 'problem' in outcome);
  if (problem !== undefined) throw new Error(JSON.stringify(problem));
  return ms;
}

/** The scrubber is open so long before anybody asks for the strip. */
const lookMs = 3000;

printMachine();
explanations.warm({ runId, exampleId: opened });
await delay(lookMs);
const times: number[] = [];
for (const exampleId of asked) times.push(await measure(exampleId));
printHead('methods', 'the first image, ms', 'the others, median', 'worst');
const [first = NaN, ...others] = times;
print(
  methods.length,
  first.toFixed(0),
  percentile(others, 0.5).toFixed(0),
  Math.max(...others).toFixed(0),
);
await workbench.close();
