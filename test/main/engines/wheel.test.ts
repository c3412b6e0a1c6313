import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import type { InstallContext } from '../../../src/main/engines/progress.ts';
import { parseMetadata, unpackWheel } from '../../../src/main/engines/wheel.ts';
import { catchError, makeFolder, makeWheel, readFiles } from './fakes.ts';

const context: InstallContext = {
  onProgress: () => undefined,
  onMessage: () => undefined,
  signal: undefined,
};
const files = { 'a/one.so': 'first '.repeat(500_000), 'a/two.h': 'second', 'b/three': 'third' };

function saveWheel(bytes: Uint8Array): { path: string; folder: string } {
  const folder = makeFolder();
  const path = join(folder, 'some-1.0-py3-none-any.whl');
  writeFileSync(path, bytes);
  return { path, folder: join(folder, 'out') };
}

test('unpacks the chosen files to their places and reports the bytes', async () => {
  const { path, folder } = saveWheel(makeWheel({ files, name: 'some', version: '1.0' }));
  const seen: [number, number | null][] = [];
  const place = (name: string): string | null =>
    name.startsWith('a/') ? name.replace('a/', 'x/') : null;
  const metadata = await unpackWheel(
    path,
    { folder, place },
    { ...context, onProgress: ({ done, total }) => seen.push([done, total]) },
  );
  expect(readFiles(folder)).toEqual({ 'x/one.so': files['a/one.so'], 'x/two.h': 'second' });
  expect(seen.at(-1)).toEqual([3_000_006, 3_000_006]);
  expect(seen.length).toBeGreaterThan(2);
  expect(metadata).toEqual({ name: 'some', version: '1.0', cudaRequirements: [] });
});

test('keeps programs executable', async () => {
  const record = 'a/tool,sha256=LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ,5\n';
  const bytes = zipSync({
    'a/tool': [Buffer.from('hello'), { attrs: 0o755 << 16, os: 3 }],
    'some-1.0.dist-info/METADATA': Buffer.from('Name: some\nVersion: 1.0\n'),
    'some-1.0.dist-info/RECORD': Buffer.from(record),
  });
  const { path, folder } = saveWheel(bytes);
  await unpackWheel(path, { folder, place: (name) => (name === 'a/tool' ? name : null) }, context);
  expect(statSync(join(folder, 'a/tool')).mode & 0o777).toBe(0o755);
});

test('reads the CUDA extra of TensorFlow’s metadata, and no description', () => {
  const text = [
    'Name: tensorflow',
    'Version: 2.21.0',
    'Requires-Dist: numpy>=1.26.0',
    'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
    "Requires-Dist: nvidia-nccl-cu12 (<3.0,>=2.27.7) ; extra == 'and-cuda'",
    'Requires-Dist: other; extra == "gcs"',
    '',
    'Version: 9',
    'Requires-Dist: late; extra == "and-cuda"',
  ].join('\r\n');
  expect(parseMetadata(text)).toEqual({
    name: 'tensorflow',
    version: '2.21.0',
    cudaRequirements: ['nvidia-cublas-cu12<13.0,>=12.5.3.2', 'nvidia-nccl-cu12<3.0,>=2.27.7'],
  });
});

const all = (name: string): string => name;

test.each([
  ['a checksum that differs', makeWheel({ files, wrong: ['a/two.h'] }), 'a/two.h'],
  ['a file cut short', makeWheel({ files }).subarray(0, 700), 'not a whole wheel'],
  ['something else', Buffer.from('no zip at all'), 'not a whole wheel'],
  ['an empty file', new Uint8Array(), 'not a whole wheel'],
  ['a zip that is no wheel', zipSync({ a: Buffer.from('a') }), 'METADATA'],
])('refuses %s', async (_, bytes, words) => {
  const { path, folder } = saveWheel(bytes);
  const error = await catchError(unpackWheel(path, { folder, place: all }, context));
  expect(error.code).toBe('CORRUPT_INPUT');
  expect(error.message).toContain(words);
  expect(error.message).toContain(path);
});

test('finds any damaged byte of a chosen file', async () => {
  const bytes = makeWheel({ files: { a: 'x'.repeat(40) + 'y'.repeat(40) } });
  const start = Buffer.from(bytes).indexOf('a', 26) + 1;
  for (let i = start; i < start + 6; i += 1) {
    const damaged = Uint8Array.from(bytes);
    damaged[i] = (damaged[i] ?? 0) ^ 0x10;
    const { path, folder } = saveWheel(damaged);
    const place = (name: string): string | null => (name === 'a' ? name : null);
    const error = await catchError(unpackWheel(path, { folder, place }, context));
    expect(error.code).toBe('CORRUPT_INPUT');
  }
});

test('never writes outside its folder', async () => {
  const { path, folder } = saveWheel(zipSync({ '../escaped': Buffer.from('out') }));
  const error = await catchError(unpackWheel(path, { folder, place: all }, context));
  expect(error.code).toBe('CORRUPT_INPUT');
  expect(existsSync(join(folder, '../escaped'))).toBe(false);
});

test('a missing file is named; a folder that cannot be written is no fault of the wheel', async () => {
  const { path, folder } = saveWheel(makeWheel({ files }));
  const missing = await catchError(unpackWheel(`${path}x`, { folder, place: all }, context));
  expect(missing.code).toBe('NOT_FOUND');
  writeFileSync(folder, 'a file in the way');
  const work = unpackWheel(path, { folder, place: all }, context);
  await expect(work).rejects.toMatchObject({ code: 'ENOTDIR' });
  expect(readFileSync(folder, 'utf8')).toBe('a file in the way');
});

test('stops when it is cancelled', async () => {
  const { path, folder } = saveWheel(makeWheel({ files }));
  const signal = AbortSignal.abort(new Error('cancelled'));
  const work = unpackWheel(path, { folder, place: all }, { ...context, signal });
  await expect(work).rejects.toThrow('cancelled');
});
