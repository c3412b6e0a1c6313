import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import {
  beginEngine,
  currentEngine,
  engineStatus,
  finishEngine,
  removeEngine,
} from '../../../src/main/engines/layout.ts';
import type { EngineManifest } from '../../../src/shared/nativeEngine.ts';
import { catchError, fakeHost, makeFolder, writeFiles } from './fakes.ts';

const manifest: EngineManifest = {
  format: 'afterimage-native-engine-1',
  tensorflow: '2.21.0',
  gpu: false,
  platform: 'linux',
  arch: 'x64',
  source: 'a.whl',
  versions: {},
  installedAt: '2026-01-01T00:00:00.000Z',
  files: { 'tfjs_binding.node': { bytes: 1, sha256: '0'.repeat(64) } },
};

let dataDir: string;
beforeEach(() => {
  dataDir = makeFolder();
});
const install = async (changes: Partial<EngineManifest> = {}): Promise<string> => {
  const { folder } = await finishEngine(dataDir, await beginEngine(dataDir), {
    ...manifest,
    ...changes,
  });
  return folder;
};
const nativeStatus = async (): Promise<unknown> => (await engineStatus(dataDir, fakeHost()))[0];

test('without an installation there is none, and the list says how to get one', async () => {
  expect(await currentEngine(dataDir)).toBeNull();
  expect(await engineStatus(dataDir, fakeHost())).toEqual([
    {
      name: 'native',
      available: false,
      reason: expect.stringContaining('engine install') as string,
      manifest: null,
    },
    { name: 'wasm', available: true, reason: null, manifest: null },
  ]);
  expect(await removeEngine(dataDir)).toBe(false);
});

test('finds the installed engine and lists it without its files', async () => {
  await install();
  expect(await currentEngine(dataDir)).toEqual(manifest);
  const { files, ...installation } = manifest;
  expect(Object.keys(files)).toHaveLength(1);
  expect(await nativeStatus()).toEqual({
    name: 'native',
    available: true,
    reason: null,
    manifest: installation,
  });
});

test('an engine for another machine is not available', async () => {
  await install({ arch: 'arm64' });
  expect(await nativeStatus()).toMatchObject({
    available: false,
    reason: 'It was installed for linux arm64, this is linux x64.',
  });
});

test.each([
  ['no JSON', { 'engines/current.json': '{' }],
  ['a folder elsewhere', { 'engines/current.json': '{"folder":"native-/../../x"}' }],
  ['a folder that is gone', { 'engines/current.json': '{"folder":"native-2.21.0-cpu"}' }],
  [
    'a manifest cut short',
    {
      'engines/current.json': '{"folder":"native-2.21.0-cpu"}',
      'engines/native-2.21.0-cpu/manifest.json': '{"format":',
    },
  ],
])('%s is reported, not taken for no engine', async (_, files) => {
  writeFiles(dataDir, files);
  const error = await catchError(currentEngine(dataDir));
  expect(error.code).toBe('ENGINE_UNAVAILABLE');
  expect(error.remedy).toContain('engine install');
  expect(await nativeStatus()).toMatchObject({ available: false, manifest: null });
});

test('removes the engine and its downloads, and nothing else', async () => {
  await install();
  writeFiles(dataDir, { 'engines/downloads/a.whl': 'a', 'runs.db': 'history' });
  expect(await removeEngine(dataDir)).toBe(true);
  expect(readdirSync(join(dataDir, 'engines'))).toEqual([]);
  expect(readFileSync(join(dataDir, 'runs.db'), 'utf8')).toBe('history');
});

test('clears what a process that died left, and not what a live one builds', async () => {
  const first = await beginEngine(dataDir);
  mkdirSync(join(first, 'tensorflow'));
  // No process has the largest number that Linux allows plus one.
  const dead = first.replace(`-${process.pid}-`, '-4194305-');
  mkdirSync(join(dead, 'tensorflow'), { recursive: true });
  const second = await beginEngine(dataDir);
  expect(readdirSync(join(dataDir, 'engines')).sort()).toEqual(
    [basename(first), basename(second)].sort(),
  );
  expect([readdirSync(first), readdirSync(second)]).toEqual([['tensorflow'], []]);
});
