/**
 * The engines' training steps beside PyTorch's and stock tfjs's, contestants taking turns:
 * `node bench/engines.ts --python PYTHON [--rounds 3] [--seconds 8]`. Prints a Markdown table: images
 * per second, least and most of the rounds. PYTHON is one that can import torch; the native engine
 * must be installed in the data folder.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { print } from './measure.ts';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '8' },
  },
});

/** Images per second, and how many times as long as a step of C one of R takes. */
type Speeds = Partial<Record<'C' | 'R' | 'slowDown', number>>;

/** Speeds that a script prints as JSON in its last line. */
async function measure(command: string, args: readonly string[]): Promise<Speeds> {
  const child = spawn(command, [...args, '--seconds', values.seconds], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  await new Promise((resolve) => child.on('close', resolve));
  const [line = ''] = output.trim().split('\n').slice(-1);
  if (line === '') throw new Error(`${command} ${args.join(' ')} printed nothing: ${complaint}`);
  return JSON.parse(line) as Speeds;
}

interface Contestant {
  name: string;
  /** Processes side by side; their speeds add up. */
  jobs: number;
  run: () => Promise<Speeds>;
}

const script = (name: string): string => join(import.meta.dirname, name);
const sized = (threads: number, batch: number): string[] => [
  ...['--threads', String(threads)],
  ...['--batch', String(batch)],
];

const engine = (name: string, threads: number, batch: number) => (): Promise<Speeds> =>
  measure(process.execPath, [script('step.ts'), '--engine', name, ...sized(threads, batch)]);
const torch = (threads: number, batch: number) => (): Promise<Speeds> =>
  measure(values.python, [script('pytorch_step.py'), ...sized(threads, batch)]);
const stock = (threads: number, batch: number) => (): Promise<Speeds> =>
  measure(process.execPath, [script('stockFit.ts'), ...sized(threads, batch)]);

const contestants: readonly Contestant[] = [
  { name: 'native, 2 threads, batch 64', jobs: 1, run: engine('native', 2, 64) },
  { name: 'PyTorch, 2 threads, batch 64', jobs: 1, run: torch(2, 64) },
  { name: '`model.fit` on the same library, 2 threads, batch 64', jobs: 1, run: stock(2, 64) },
  { name: 'native, 2 threads, batch 256', jobs: 1, run: engine('native', 2, 256) },
  { name: 'PyTorch, 2 threads, batch 256', jobs: 1, run: torch(2, 256) },
  { name: 'native, two jobs of 1 thread', jobs: 2, run: engine('native', 1, 64) },
  { name: 'PyTorch, two processes of 1 thread', jobs: 2, run: torch(1, 64) },
  { name: 'wasm, one job', jobs: 1, run: engine('wasm', 1, 64) },
  { name: 'wasm, 2 threads', jobs: 1, run: engine('wasm', 2, 64) },
  { name: 'wasm, two jobs', jobs: 2, run: engine('wasm', 1, 64) },
];

const range = (values: readonly number[], write: (value: number) => string): string =>
  values.length === 0 ? '–' : `${write(Math.min(...values))}–${write(Math.max(...values))}`;
const speedRange = (speeds: readonly number[]): string =>
  range(speeds, (speed) => Math.round(speed).toLocaleString('en'));

const seen = new Map<string, Record<'C' | 'R' | 'slowDown', number[]>>(
  contestants.map(({ name }) => [name, { C: [], R: [], slowDown: [] }]),
);
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const { name, jobs, run } of contestants) {
    const speeds = await Promise.all(Array.from({ length: jobs }, run));
    for (const paradigm of ['C', 'R'] as const) {
      const each = speeds.flatMap((speed) => speed[paradigm] ?? []);
      if (each.length === jobs) seen.get(name)?.[paradigm].push(each.reduce((a, b) => a + b, 0));
    }
    seen.get(name)?.slowDown.push(...speeds.flatMap(({ slowDown }) => slowDown ?? []));
  }
}
print('images/s, all jobs together', 'C', 'R', 'step of R / C');
print('---', '--:', '--:', '--:');
for (const [name, { C, R, slowDown }] of seen) {
  const ratio = range(slowDown, (value) => value.toFixed(3));
  print(name, speedRange(C), speedRange(R), ratio);
}
