/**
 * What the native engine does on a machine with a GPU, beside PyTorch on the same card:
 * `node bench/gpu.ts [--python python3] [--seconds 2] [--jobs] [--paper] [--data-dir FOLDER]`. Prints a
 * Markdown table, then all of it as one line of JSON. The CUDA build must be installed (`engine install --gpu`), PYTHON one that
 * can import torch with CUDA. Two to three minutes; several jobs at once (`--jobs`) and the whole paper's
 * runs (`--paper`) about one more each.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { print } from './measure.ts';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    seconds: { type: 'string', default: '2' },
    jobs: { type: 'boolean', default: false },
    paper: { type: 'boolean', default: false },
    'data-dir': { type: 'string' },
  },
});
const place = values['data-dir'] === undefined ? [] : ['--data-dir', values['data-dir']];

/** What a command prints as JSON in its last line, and its time, s. */
async function run(
  command: string,
  args: readonly string[],
): Promise<{ result: unknown; seconds: number }> {
  const began = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, complaint] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  await new Promise((resolve) => child.on('close', resolve));
  const seconds = (performance.now() - began) / 1000;
  const line = output.trim().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) throw new Error(`${args.join(' ')} printed no JSON: ${complaint}`);
  return { result: JSON.parse(line) as unknown, seconds };
}

const node = (...args: string[]) => run(process.execPath, [...args, ...place]);

interface Step {
  C: number;
  R: number;
  outsideC: number;
  outsideR: number;
}
const measureStep = async (batch: number): Promise<Step> => {
  const args = ['--engine', 'native', '--threads', '8', '--seconds', values.seconds];
  return (await node('bench/step.ts', '--batch', String(batch), ...args)).result as Step;
};

interface Epochs {
  epochs: Record<'training' | 'evaluation' | 'recording', number>[];
}
const measureEpochs = async (paradigm: 'C' | 'R'): Promise<Epochs['epochs']> => {
  const args = ['--engine', 'native', '--epochs', '3', '--paradigm', paradigm];
  const { result } = await node('bench/epoch.ts', ...args);
  return (result as Epochs).epochs;
};

type Speeds = Record<string, Record<'eager' | 'graph', Record<'C' | 'R', number>>>;
interface Torch {
  torch: string;
  device: string;
  speeds: Speeds;
}

/** Images per second of several processes that share the card. */
async function measureJobs(jobs: number): Promise<number> {
  const steps = await Promise.all(Array.from({ length: jobs }, () => measureStep(64)));
  return steps.reduce((sum, { C, R }) => sum + 2 / (1 / C + 1 / R), 0);
}

const ratio = (a: number, b: number): string => (a / b).toFixed(2);
const round = (value: number): string => Math.round(value).toLocaleString('en');

/** Everything measured, as one line of JSON after the table. */
const found: Record<string, unknown> = {};
const keep = <Value>(name: string, value: Value): Value => {
  found[name] = value;
  return value;
};

// Row by row, so that a run that is cut off has told what it knows.
print('figure', 'here', 'PyTorch, CUDA graph', 'ratio');
print('---', '---', '---', '---');
const python = ['bench/pytorch_gpu.py', '--seconds', values.seconds];
const { speeds } = keep('torch', (await run(values.python, python)).result as Torch);
for (const batch of [64, 256] as const) {
  const step = keep(`step${batch}`, await measureStep(batch));
  for (const paradigm of ['C', 'R'] as const) {
    const [own, other] = [step[paradigm], speeds[batch]?.graph[paradigm] ?? NaN];
    print(`${paradigm}, batch ${batch}, images/s`, round(own), round(other), ratio(own, other));
  }
  print(`outside the library, C, batch ${batch}`, step.outsideC.toFixed(3), '', '');
}
for (const paradigm of ['C', 'R'] as const) {
  const times = keep(`epochs${paradigm}`, await measureEpochs(paradigm));
  const last = times.at(-1);
  const parts = [last?.training, last?.evaluation, last?.recording]
    .map((value) => (value ?? NaN).toFixed(2))
    .join(' + ');
  print(`${paradigm}, an epoch of MNIST, s (steps + evaluation + recording)`, parts, '', '');
}
if (values.jobs) {
  const [one, four] = [await measureJobs(1), await measureJobs(4)];
  print('4 jobs against 1, C and R in turns', keep('jobs', ratio(four, one)), '', '');
}
if (values.paper) {
  const { seconds } = await node('src/main/cli.ts', 'paper', '--jobs', '2', '--json');
  print('the paper, s', keep('paperSeconds', seconds).toFixed(0), '', '');
}
const doctor = ['src/main/cli.ts', 'engine', 'doctor', '--json'];
keep('doctor', (await node(...doctor)).result);
console.log(JSON.stringify(found));
