import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { onTestFinished } from 'vitest';
import { AfterimageError } from '../../../src/core/errors.ts';
import type { CommandOptions, CommandResult } from '../../../src/main/platform/commands.ts';
import type { Host } from '../../../src/main/engines/host.ts';
import { machine } from '../../../src/main/engines/host.ts';

/** An empty folder that goes with the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'engines-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** Content of every file below a folder by relative path. */
export function readFiles(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );
}

export const sha256 = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

export interface WheelContent {
  files: Record<string, string>;
  name?: string;
  version?: string;
  /** Further lines of METADATA. */
  requires?: string[];
  /** Names whose checksum in RECORD is made wrong. */
  wrong?: string[];
}

/** The bytes of a wheel, with METADATA and RECORD as pip's builders write them. */
export function makeWheel({
  files,
  name = 'tensorflow_cpu',
  version = '2.21.0',
  requires = [],
  wrong = [],
}: WheelContent): Uint8Array {
  const info = `${name}-${version}.dist-info`;
  const lines = ['Metadata-Version: 2.4', `Name: ${name}`, `Version: ${version}`, ...requires];
  const all: Record<string, string> = {
    ...files,
    [`${info}/METADATA`]: `${lines.join('\n')}\n\nA description.\nName: not this one\n`,
  };
  const record = Object.entries(all).map(([path, content]) => {
    const text = wrong.includes(path) ? `${content}?` : content;
    return `${path},sha256=${createHash('sha256').update(text).digest('base64url')},${content.length}`;
  });
  all[`${info}/RECORD`] = [...record, `${info}/RECORD,,`, ''].join('\n');
  return zipSync(
    Object.fromEntries(Object.entries(all).map(([path, text]) => [path, Buffer.from(text)])),
  );
}

/** A library in the layout of TensorFlow's wheels, and files that must be left out. */
export const libraryFiles = (mark = ''): Record<string, string> => ({
  'tensorflow/libtensorflow_cc.so.2': `the C interface ${mark}`,
  'tensorflow/libtensorflow_framework.so.2': `the framework ${mark}`,
  'tensorflow/include/tensorflow/c/c_api.h': '// C interface',
  'tensorflow/include/tensorflow/c/eager/c_api.h': '// eager',
  'tensorflow/include/xla/tsl/c/tsl_status.h': '// status',
  'tensorflow/include/tensorflow/core/framework/op.h': '// not needed',
  'tensorflow/python/_pywrap.so': 'not needed',
});

export const succeeded = (stdout = ''): CommandResult => ({
  code: 0,
  signal: null,
  stdout,
  stderr: '',
  notFound: false,
  timedOut: false,
});
export const failed = (stderr: string, code: number | null = 1): CommandResult => ({
  ...succeeded(),
  code,
  stderr,
});
export const notFound: CommandResult = { ...failed('', null), notFound: true };

export type Answer = (
  args: readonly string[],
  options: CommandOptions,
) => CommandResult | Promise<CommandResult>;

const optionOf = (args: readonly string[], name: string): string =>
  args[args.indexOf(name) + 1] ?? '';

/** A pip that offers wheels by distribution name; `requests` collects its requirement lines. */
export function fakePip(
  wheels: Record<string, { fileName: string; bytes: Uint8Array }>,
  requests: string[] = [],
): Answer {
  return (args) => {
    if (args.includes('--version')) return succeeded('pip 23.0');
    const requirement = readFileSync(optionOf(args, '-r'), 'utf8').trim();
    requests.push(requirement);
    const wheel = wheels[/^[\w-]+/.exec(requirement)?.[0] ?? ''];
    if (wheel === undefined) {
      return failed(
        `WARNING: Retrying\nERROR: No matching distribution found for ${requirement}\n`,
      );
    }
    writeFileSync(join(optionOf(args, '-d'), wheel.fileName), wheel.bytes);
    return succeeded();
  };
}

/** The CPU build as pip offers it to a Linux machine. */
export const cpuName = 'tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl';
export const cpuWheel = makeWheel({ files: libraryFiles() });
export const cpuPip = (requests?: string[]): Answer =>
  fakePip({ 'tensorflow-cpu': { fileName: cpuName, bytes: cpuWheel } }, requests);

/** A compiler that writes what it was given as its output. */
export const fakeCompiler: Answer = (args) => {
  if (args.includes('--version')) return succeeded('g++ (Fake) 12.2.0\nCopyright');
  const sources = args.filter((arg) => arg.endsWith('.cc'));
  writeFileSync(optionOf(args, '-o'), sources.map((path) => readFileSync(path)).join());
  return succeeded();
};

/** The answer of an engine that loads and computes rightly. */
export const loadedAnswer = {
  tensorflow: '2.21.0',
  device: 'cpu',
  threads: 2,
  loadMs: 200,
  compiler: null,
  compileMs: null,
  uncompiledReason: null,
  largestDifference: 5e-7,
  deterministic: true,
};

export interface FakeHost extends Host {
  /** Commands run, with their arguments. */
  calls: string[][];
}

/** A Debian machine on which only `answers` exist; `engine` stands for the engine's own process. */
export function fakeHost(
  answers: Record<string, Answer> = {},
  changes: Partial<Host> = {},
): FakeHost {
  const packages = makeFolder();
  writeFiles(packages, {
    'binding/package.json': '{"version":"4.22.0"}',
    'binding/binding/tfjs_backend.cc': 'backend',
    'binding/binding/tfjs_binding.cc': 'binding',
    'binding/binding/utils.h': 'utils',
    'headers/package.json': '{"version":"1.9.0"}',
    'headers/include/node_api.h': 'node api',
  });
  const calls: string[][] = [];
  const known: Record<string, Answer> = {
    'g++': fakeCompiler,
    engine: () => succeeded(`${JSON.stringify(loadedAnswer)}\n`),
    tar: (args) => {
      const { status, stderr } = spawnSync('tar', args, { encoding: 'utf8' });
      return status === 0 ? succeeded() : failed(stderr, status);
    },
    ...answers,
  };
  return {
    platform: 'linux',
    arch: 'x64',
    calls,
    // oxlint-disable-next-line typescript/no-useless-default-assignment -- callers may leave it out
    run: async (command, args, options: CommandOptions = {}) => {
      options.signal?.throwIfAborted();
      const name = command === process.execPath ? 'engine' : command;
      calls.push([name, ...args]);
      const answer = known[name];
      return answer === undefined ? notFound : answer(args, options);
    },
    fetch: () => Promise.reject(new TypeError('fetch failed', { cause: new Error('no route') })),
    findPackage: (name) => join(packages, name === 'node-api-headers' ? 'headers' : 'binding'),
    osRelease: () => Promise.resolve('PRETTY_NAME="Debian"\nID=debian\n'),
    ...changes,
  };
}

/** This machine, but with other commands for some names. */
export const machineWith = (answers: Record<string, Answer>): Host => ({
  ...machine,
  // oxlint-disable-next-line typescript/no-useless-default-assignment -- callers may leave it out
  run: async (command, args, options: CommandOptions = {}) => {
    const answer = answers[command === process.execPath ? 'engine' : command];
    return answer === undefined ? machine.run(command, args, options) : answer(args, options);
  },
});

/** The AfterimageError that something fails with. */
export async function catchError(work: Promise<unknown>): Promise<AfterimageError> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof AfterimageError) return error;
  throw error;
}
