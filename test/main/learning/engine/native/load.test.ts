import { execFileSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { describeFiles } from '../../../../../src/main/engines/files.ts';
import { findCurrentEngine } from '../../../../../src/main/engines/layout.ts';
import {
  describeLoadError,
  loadNativeBackend,
} from '../../../../../src/main/learning/engine/native/load.ts';
import { AfterimageError } from '../../../../../src/core/errors.ts';

const isLinux = process.platform === 'linux';
const hasCompiler = isLinux && spawnSync('g++', ['--version']).status === 0;
const isPackageInstalled =
  spawnSync(process.execPath, ['-e', 'require.resolve("@tensorflow/tfjs-node-gpu/package.json")'])
    .status === 0;

type Files = Record<string, string | Uint8Array>;

/** An engine's folder with these files and a manifest that fits them. */
async function makeEngine(files: Files, changes: object = {}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const manifest = {
    format: 'afterimage-native-engine-1',
    tensorflow: '2.21.0',
    gpu: false,
    platform: process.platform,
    arch: process.arch,
    source: 'test',
    versions: {},
    installedAt: '2026-01-01T00:00:00.000Z',
    files: await describeFiles(folder),
    ...changes,
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}

async function loadError(folder: string): Promise<AfterimageError> {
  const error: unknown = await loadNativeBackend(folder, 1).catch((reason: unknown) => reason);
  if (!(error instanceof AfterimageError)) throw new Error('it did not fail', { cause: error });
  expect(error.code).toBe('ENGINE_UNAVAILABLE');
  expect(error.message).not.toContain('\n');
  return error;
}

/** The first 64 bytes of a 64-bit little-endian ELF shared object for a machine, then nothing. */
function elfHeader(machine: number): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 0, 'latin1');
  header.writeUInt16LE(3, 16);
  header.writeUInt16LE(machine, 18);
  header.writeUInt32LE(1, 20);
  return header;
}
const ownMachine = process.arch === 'arm64' ? 183 : 62;
const otherMachine = process.arch === 'arm64' ? 62 : 183;

/** A library compiled from C. */
function compile(source: string, ...options: string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'stub-'));
  try {
    writeFileSync(join(folder, 'stub.c'), source);
    const args = ['-x', 'c', '-shared', '-fPIC', '-o', 'out', 'stub.c', '-x', 'none', ...options];
    execFileSync('g++', args, { cwd: folder });
    return execFileSync('cat', [join(folder, 'out')], { maxBuffer: 1 << 24 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('a folder without an engine', async () => {
  const error = await loadError(join(tmpdir(), 'no-such-engine'));
  expect(error.message).toContain('no-such-engine');
  expect(error.remedy).toContain('engine install');
});

test('a manifest that is cut short', async () => {
  const folder = await makeEngine({ 'tfjs_binding.node': elfHeader(ownMachine) });
  truncateSync(join(folder, 'manifest.json'), 40);
  expect((await loadError(folder)).remedy).toContain('engine install');
});

test('an engine of another machine', async () => {
  const folder = await makeEngine({}, { platform: 'aix', arch: 'ppc64' });
  expect((await loadError(folder)).message).toContain('was installed for aix ppc64');
});

test('a missing file is named', async () => {
  const folder = await makeEngine({ 'tfjs_binding.node': 'x', 'tensorflow/lib.so.2': 'y' });
  rmSync(join(folder, 'tensorflow/lib.so.2'));
  expect((await loadError(folder)).message).toBe(
    `${join(folder, 'tensorflow/lib.so.2')} is missing.`,
  );
});

test('a file of another length is damaged', async () => {
  const folder = await makeEngine({ 'tfjs_binding.node': elfHeader(ownMachine) });
  truncateSync(join(folder, 'tfjs_binding.node'), 60);
  expect((await loadError(folder)).message).toContain('is damaged: 60 bytes instead of 64');
});

describe.skipIf(!isLinux)('ELF headers', () => {
  test('a library for another processor', async () => {
    const folder = await makeEngine({
      'tfjs_binding.node': elfHeader(ownMachine),
      'tensorflow/libtensorflow_cc.so.2': elfHeader(otherMachine),
    });
    const { message } = await loadError(folder);
    expect(message).toContain('libtensorflow_cc.so.2 is for another processor');
    expect(message).toContain(process.arch);
  });

  test('a header that is damaged', async () => {
    const bytes = elfHeader(ownMachine);
    bytes[1] = 0x46;
    const folder = await makeEngine({ 'tfjs_binding.node': bytes });
    expect((await loadError(folder)).message).toContain('is damaged: it is not a library');
  });

  test.skipIf(!isPackageInstalled)('nothing behind the header', async () => {
    const folder = await makeEngine({ 'tfjs_binding.node': elfHeader(ownMachine) });
    const { message } = await loadError(folder);
    expect(message).toContain(folder);
    expect(message).toMatch(/damaged|cannot be loaded/);
  });
});

describe.skipIf(!hasCompiler || !isPackageInstalled)('compiled stubs (need g++)', () => {
  test('a library that lacks a symbol', async () => {
    const binding = compile(
      'extern int TF_NoSuchSymbol(void); int run(void) { return TF_NoSuchSymbol(); }',
      '-Wl,-z,now',
    );
    const { message, remedy } = await loadError(await makeEngine({ 'tfjs_binding.node': binding }));
    expect(message).toContain('lacks the symbol TF_NoSuchSymbol');
    expect(remedy).toContain('engine install');
  });

  test('a library that needs another one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stub-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const needed = join(folder, 'libtensorflow_needed.so.2');
    writeFileSync(needed, compile('int x;', '-Wl,-soname,libtensorflow_needed.so.2'));
    const binding = compile('int y;', '-Wl,--no-as-needed', needed);
    const { message } = await loadError(await makeEngine({ 'tfjs_binding.node': binding }));
    expect(message).toContain('libtensorflow_needed.so.2 is missing');
  });

  test('a library that is no Node module', async () => {
    const folder = await makeEngine({ 'tfjs_binding.node': compile('int x;') });
    expect((await loadError(folder)).message).toContain('built for another Node.js');
  });
});

describe('the words of the loaders', () => {
  test.each([
    [
      '/x/tfjs_binding.node: undefined symbol: TFE_NewContext, version TF_2',
      'lacks the symbol TFE_NewContext:',
    ],
    [
      'libtensorflow_cc.so.2: cannot open shared object file: No such file or directory',
      'libtensorflow_cc.so.2 is missing',
    ],
    [
      "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /x/a.so)",
      'needs GLIBC_2.38',
    ],
    ['/x/a.so: wrong ELF class: ELFCLASS32', 'another processor'],
    ['/x/a.so: file too short', 'damaged'],
    ['/x/a.so: invalid ELF header', 'damaged'],
    [
      "dlopen(/x/a.node, 0x1): tried: '/x/a.node' (mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64'))",
      'another processor',
    ],
    [
      'dlopen(/x/a.node, 0x1): Library not loaded: @rpath/libtensorflow_cc.2.dylib\n  Referenced from: x',
      'libtensorflow_cc.2.dylib is missing',
    ],
    [
      "dlopen(/x/a.node, 0x1): symbol not found in flat namespace '_TF_Version'",
      'lacks the symbol _TF_Version:',
    ],
    ['Something quite new\nwith more lines', 'cannot be loaded: Something quite new'],
  ])('%j', (text, words) => {
    const error = describeLoadError('/data/engine', new Error(text));
    expect(error.code).toBe('ENGINE_UNAVAILABLE');
    expect(error.message).toContain('/data/engine');
    expect(error.message).toContain(words);
    expect(error.message).not.toContain('\n');
    expect(error.remedy).not.toBe('');
  });
});

const dataDir = process.env['AFTERIMAGE_DATA_DIR'];

// `AFTERIMAGE_DATA_DIR` names a data folder with an installed engine; without it there is none to test.
describe.skipIf(dataDir === undefined)('the installed engine (needs AFTERIMAGE_DATA_DIR)', () => {
  test('becomes the backend of the one tfjs of this process and computes rightly', async () => {
    const engine = await findCurrentEngine(dataDir ?? '');
    if (engine === null) throw new Error(`no native engine is installed in ${dataDir ?? ''}`);
    const loaded = await loadNativeBackend(engine.folder, 1);
    expect(tf.getBackend()).toBe('tensorflow');
    expect(tf.backend()).toBe(loaded.backend);
    const required = createRequire(import.meta.url)('@tensorflow/tfjs') as typeof tf;
    expect(required.engine()).toBe(tf.engine());
    expect(loaded.tensorflow).toBe(engine.manifest.tensorflow);
    expect(loaded.threads).toBe(1);
    expect(loaded.versions).toMatchObject({ tensorflow: loaded.tensorflow, tfjs: tf.version.tfjs });
    // The package's reductions call a function that newer Node.js versions lack.
    expect(tf.sum(tf.tensor2d([1, 2, 3, 4], [2, 2]), 0).arraySync()).toEqual([4, 6]);
  });
});
