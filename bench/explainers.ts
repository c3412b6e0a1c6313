/**
 * Maps per second by every method, beside the library that it is checked against, turn by turn on one core:
 * `node bench/explainers.ts --python PATH [--engine native --data-dir DIR] [--seconds 3] [--rounds 3]`.
 * PATH is a Python that has what test/golden/make_explainers.py needs. Results are in explainers.md.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { presets } from '../src/core/config/presets.ts';
import { readOptions } from '../src/core/explainers/options.ts';
import { explainersOf, type ExplainerName } from '../src/core/explainers/registry.ts';
import type { EngineName } from '../src/core/records.ts';
import { Random } from '../src/core/random.ts';
import { chooseDataDir } from '../src/main/cli/dataDir.ts';
import { findCurrentEngine } from '../src/main/engines/layout.ts';
import type { Explainable } from '../src/main/learning/explainers/explainable.ts';
import type { Method } from '../src/main/learning/explainers/method.ts';
import { explainBy } from '../src/main/learning/explainers/registry.ts';
import { openEngine } from '../src/main/learning/openEngine.ts';
import { explainerCases, openGolden } from '../test/support/explainerGolden.ts';
import { percentile, print, printHead, printMachine } from './measure.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'wasm' },
    'data-dir': { type: 'string' },
    python: { type: 'string' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    /** Between commas; all unless given. */
    only: { type: 'string' },
  },
});
const seconds = Number(values.seconds);

/** What the library has other segments for is given the same grid. */
const options: Partial<Record<ExplainerName, Record<string, string | number>>> = {
  lime: { segments: 'grid', count: 25 },
  'kernel-shap': { segments: 'grid', count: 25 },
};

async function open(): Promise<Explainable> {
  const name = values.engine as EngineName;
  const installed =
    name === 'native' ? await findCurrentEngine(chooseDataDir(values['data-dir'])) : null;
  const engine = await openEngine({
    engine: name,
    engineFolder: installed?.folder ?? null,
    threads: 1,
  });
  const [, , paper] = explainerCases;
  if (paper === undefined) throw new Error('the network is not there');
  return openGolden(engine, paper).explainable;
}

function measure(network: Explainable, name: ExplainerName): number {
  const explain = explainBy[name] as Method<ExplainerName>;
  const chosen = readOptions(name, options[name] ?? {});
  const image = Float32Array.from(explainerCases[2]?.image.flat() ?? []);
  const background = Float32Array.from({ length: 32 * 784 }, (_, i) => (i % 7) / 7);
  const once = (): void => {
    explain(network, { image, targetClass: 0, background, random: Random.fromSeed(1) }, chosen);
  };
  once();
  let count = 0;
  const began = performance.now();
  const elapsed = (): number => (performance.now() - began) / 1000;
  for (; count < 3 || elapsed() < seconds; count += 1) once();
  return count / elapsed();
}

function startLibrary(python: string) {
  const script = join(import.meta.dirname, 'library_explainers.py');
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    measure: async (name: ExplainerName): Promise<number> => {
      child.stdin.write(`${name} ${seconds}\n`);
      return Number((await lines.next()).value ?? Number.NaN);
    },
    close: () => {
      child.stdin.end();
    },
  };
}

const median = (list: readonly number[]): number => percentile(list, 0.5);
const format = (value: number): string => (Number.isNaN(value) ? '–' : value.toPrecision(3));

const network = await open();
const library = values.python === undefined ? null : startLibrary(values.python);
printMachine();
printHead('method', `${values.engine}, maps/s`, 'library, maps/s', 'ratio');
const only = values.only?.split(',');
const offered = explainersOf(presets['mnist-c'].model);
for (const name of offered.filter((each) => only?.includes(each) ?? true)) {
  const [ours, theirs, ratios]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const [own, other] = [measure(network, name), (await library?.measure(name)) ?? Number.NaN];
    ours.push(own);
    theirs.push(other);
    ratios.push(own / other);
  }
  print(name, ...[ours, theirs, ratios].map((list) => format(median(list))));
}
library?.close();
