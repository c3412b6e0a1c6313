import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { installEngine } from '../../../src/main/engines/install.ts';
import type { Answer } from './fakes.ts';
import {
  catchError,
  cpuName,
  cpuPip,
  cpuWheel,
  failed,
  fakeCompiler,
  fakeHost,
  libraryFiles,
  loadedAnswer,
  makeFolder,
  makeWheel,
  readFiles,
  succeeded,
} from './fakes.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = makeFolder();
});

/** Everything below the data folder but downloads, which are kept for the next attempt. */
const readInstalled = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(readFiles(dataDir)).filter(([path]) => !path.startsWith('engines/downloads/')),
  );

describe('a broken installation leaves the engine before it as it was', () => {
  const cutShort = (): string => {
    const path = join(makeFolder(), cpuName);
    writeFileSync(path, cpuWheel.subarray(0, cpuWheel.length / 2));
    return path;
  };
  const damaged = (): string => {
    const path = join(makeFolder(), cpuName);
    const name = 'tensorflow/libtensorflow_cc.so.2';
    writeFileSync(path, makeWheel({ files: libraryFiles(), wrong: [name] }));
    return path;
  };
  const answering = (answer: object): Answer => {
    return () => succeeded(`${JSON.stringify(answer)}\n`);
  };
  const compilerSaying = (text: string): Answer => {
    return (args) => (args.includes('--version') ? succeeded('g++') : failed(text));
  };
  const cases: [string, string, string, () => string | undefined, Record<string, Answer>][] = [
    ['wheel cut short', 'CORRUPT_INPUT', 'not a whole wheel', cutShort, {}],
    ['damaged library', 'CORRUPT_INPUT', 'libtensorflow_cc.so.2 has another', damaged, {}],
    ['folder without library', 'INVALID_ARGUMENT', 'holds no TensorFlow', makeFolder, {}],
    [
      'compiler error',
      'ENGINE_UNAVAILABLE',
      'x.cc:1:1: error: no c_api.h',
      () => undefined,
      { 'g++': compilerSaying('In file\nx.cc:1:1: error: no c_api.h\nmore') },
    ],
    [
      'disk full while compiling',
      'DISK_FULL',
      'no space left',
      () => undefined,
      { 'g++': compilerSaying('fatal error: error writing to a.s: No space left on device') },
    ],
    [
      'disk full while downloading',
      'DISK_FULL',
      'no space left',
      () => undefined,
      {
        python3: (args) =>
          args.includes('--version')
            ? succeeded('pip')
            : failed('ERROR: Could not install packages: [Errno 28] No space left on device'),
      },
    ],
    [
      'missing symbol',
      'ENGINE_UNAVAILABLE',
      'it lacks the symbol TF_X',
      () => undefined,
      {
        engine: answering({
          code: 'ENGINE_UNAVAILABLE',
          message: 'it lacks the symbol TF_X',
          remedy: 'Install.',
        }),
      },
    ],
    [
      'crash',
      'ENGINE_UNAVAILABLE',
      'ended by SIGSEGV: last words',
      () => undefined,
      { engine: () => ({ ...failed('first\nlast words\n', null), signal: 'SIGSEGV' }) },
    ],
    [
      'hang',
      'ENGINE_UNAVAILABLE',
      'did not answer within 180 s',
      () => undefined,
      { engine: () => ({ ...failed('', null), signal: 'SIGKILL', timedOut: true }) },
    ],
    [
      'wrong numbers',
      'ENGINE_UNAVAILABLE',
      'computes wrong numbers',
      () => undefined,
      { engine: answering({ ...loadedAnswer, largestDifference: 0.2 }) },
    ],
  ];

  test.each(cases)('%s', async (_, code, words, makeFrom, answers) => {
    await installEngine({ dataDir }, fakeHost({ python3: cpuPip() }));
    const before = readInstalled();
    const host = fakeHost({ python3: cpuPip(), ...answers });
    const error = await catchError(installEngine({ dataDir, from: makeFrom() }, host));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(error.message).not.toContain('\n');
    expect(error.remedy).not.toBe('');
    expect(readInstalled()).toEqual(before);
    expect(readdirSync(join(dataDir, 'engines')).join()).not.toContain('partial');
  });

  test('cancelled', async () => {
    await installEngine({ dataDir }, fakeHost({ python3: cpuPip() }));
    const before = readInstalled();
    const control = new AbortController();
    const host = fakeHost({
      python3: cpuPip(),
      'g++': (args, options) => {
        if (!args.includes('--version')) control.abort(new Error('cancelled'));
        return fakeCompiler(args, options);
      },
    });
    const work = installEngine({ dataDir, signal: control.signal }, host);
    await expect(work).rejects.toThrow('cancelled');
    expect(readInstalled()).toEqual(before);
  });

  test('the data folder cannot be written', async () => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    const error = await catchError(installEngine({ dataDir: file }, fakeHost()));
    expect(error.code).toBe('READ_ONLY');
  });
});
