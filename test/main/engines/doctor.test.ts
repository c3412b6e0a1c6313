import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { doctor } from '../../../src/main/engines/doctor.ts';
import type { Host } from '../../../src/main/engines/host.ts';
import { machine } from '../../../src/main/engines/host.ts';
import { installEngine } from '../../../src/main/engines/install.ts';
import type { Answer } from './fakes.ts';
import {
  fakeHost,
  libraryFiles,
  loadedAnswer,
  machineWith,
  makeFolder,
  notFound,
  succeeded,
  writeFiles,
} from './fakes.ts';

let dataDir: string;
let folder: string;
beforeEach(async () => {
  dataDir = makeFolder();
  const from = makeFolder();
  writeFiles(from, libraryFiles());
  folder = (await installEngine({ dataDir, from }, fakeHost())).folder;
});

/** Runs JavaScript in a real process in place of the engine's. */
const running = (code: string): Host => {
  const engine: Answer = (_, options) => machine.run(process.execPath, ['-e', code], options);
  return machineWith({ engine, 'nvidia-smi': () => notFound });
};
const answer = (value: object): string => `console.log(${JSON.stringify(JSON.stringify(value))})`;

test('reports a healthy engine', async () => {
  const report = await doctor({ dataDir }, running(answer(loadedAnswer)));
  expect(report).toMatchObject({
    ...loadedAnswer,
    healthy: true,
    problem: null,
    folder,
    gpus: [],
    gpuReason: 'No NVIDIA driver lists a GPU, and the CPU build is installed.',
  });
});

test('gives TensorFlow the threads and the allocator before it is loaded', async () => {
  const code = `console.log(JSON.stringify({...${JSON.stringify(loadedAnswer)},
    threads: Number(process.env.TF_NUM_INTRAOP_THREADS) * 10 + Number(process.env.TF_NUM_INTEROP_THREADS),
    tensorflow: process.env.TF_CPU_ALLOCATOR_USE_BFC }))`;
  const report = await doctor({ dataDir, threads: 3 }, running(code));
  expect(report).toMatchObject({ threads: 33, tensorflow: 'true' });
});

test('names a GPU and why it is not used', async () => {
  const host = fakeHost({
    'nvidia-smi': () => succeeded('Quadro RTX 5000, 16384, 550.54, 7.5\n'),
  });
  const report = await doctor({ dataDir }, host);
  expect(report.gpus[0]?.name).toBe('Quadro RTX 5000');
  expect(report.gpuReason).toContain('engine install --gpu');
});

test('no engine at all', async () => {
  const report = await doctor({ dataDir: makeFolder() }, fakeHost());
  expect(report).toMatchObject({ healthy: false, problem: { code: 'ENGINE_UNAVAILABLE' } });
  expect(report.problem?.remedy).toContain('engine install');
});

const library = 'tensorflow/libtensorflow_cc.so.2';

test('finds one flipped byte in the library', async () => {
  const bytes = readFileSync(join(folder, library));
  bytes[3] = (bytes[3] ?? 0) ^ 1;
  writeFileSync(join(folder, library), bytes);
  const report = await doctor({ dataDir }, running(answer(loadedAnswer)));
  expect(report.healthy).toBe(false);
  expect(report.problem?.message).toContain(`${library} is damaged`);
  expect(report.problem?.remedy).toContain('engine install');
});

test('finds a library that was cut short', async () => {
  truncateSync(join(folder, library), 4);
  const report = await doctor({ dataDir }, running(answer(loadedAnswer)));
  expect(report.problem?.message).toContain(`${library} is damaged`);
});

test('a crash is a reason', async () => {
  const code = 'console.error("fatal: no stack left"); process.kill(process.pid, "SIGSEGV")';
  const report = await doctor({ dataDir }, running(code));
  expect(report.healthy).toBe(false);
  expect(report.problem?.message).toContain('SIGSEGV: fatal: no stack left');
});

test('a hang is a reason, and its process is ended', async () => {
  const started = performance.now();
  const report = await doctor({ dataDir, timeoutMs: 400 }, running('setInterval(() => {}, 1000)'));
  expect(report.problem?.message).toContain('did not answer within 0.4 s');
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('a report that makes no sense is a reason', async () => {
  const report = await doctor({ dataDir }, running('console.log("hello")'));
  expect(report.problem?.message).toContain('ended with exit code 0');
});

test('wrong numbers, or none, are a reason', async () => {
  const wrong = await doctor(
    { dataDir },
    running(answer({ ...loadedAnswer, largestDifference: 1 })),
  );
  expect(wrong.problem?.message).toContain('wrong numbers');
  const none = await doctor(
    { dataDir },
    running(answer({ ...loadedAnswer, largestDifference: NaN })),
  );
  expect(none.healthy).toBe(false);
});

test('an engine that crashes in its CUDA libraries names the missing one', async () => {
  const code = `console.error("x] Could not load dynamic library 'libcudnn.so.9'; dlerror: no"); process.abort()`;
  const report = await doctor({ dataDir }, running(code));
  expect(report.healthy).toBe(false);
  expect(report.gpuReason).toContain('libcudnn.so.9');
});

test('stops when it is cancelled', async () => {
  const control = new AbortController();
  const work = doctor({ dataDir, signal: control.signal }, running('setInterval(() => {}, 1000)'));
  setTimeout(() => {
    control.abort(new Error('cancelled'));
  }, 200);
  await expect(work).rejects.toThrow('cancelled');
});
