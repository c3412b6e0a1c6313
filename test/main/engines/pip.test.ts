import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { downloadWheel, findPip } from '../../../src/main/engines/pip.ts';
import type { InstallContext } from '../../../src/main/engines/progress.ts';
import type { LongTaskProgress } from '../../../src/shared/longTask.ts';
import type { Answer } from './fakes.ts';
import { catchError, failed, fakeHost, makeFolder, notFound, succeeded } from './fakes.ts';

const context: InstallContext = {
  onProgress: () => undefined,
  onMessage: () => undefined,
  signal: undefined,
};
const request = { requirement: 'some==1.0', platformTags: ['linux_x86_64'], bytes: 100 };

test('finds the Python that has pip', async () => {
  const withPip: Answer = () => succeeded('pip 23');
  const withoutPip: Answer = () => failed('No module named pip');
  expect(await findPip(fakeHost({ python3: withPip }))).toBe('python3');
  expect(await findPip(fakeHost({ python3: withoutPip, python: withPip }))).toBe('python');
  expect(await findPip(fakeHost({ python3: withoutPip }))).toBeNull();
  expect(await findPip(fakeHost({ python3: () => notFound }))).toBeNull();
});

test('reports the bytes that have come, wherever pip keeps them', async () => {
  const folder = makeFolder();
  const seen: LongTaskProgress[] = [];
  const pip: Answer = async (args, { env }) => {
    const unpacking = join(env?.['TMPDIR'] ?? '', 'pip-unpack-x', 'some.whl');
    mkdirSync(dirname(unpacking));
    writeFileSync(unpacking, 'x'.repeat(40));
    await sleep(1300);
    writeFileSync(join(args[args.indexOf('-d') + 1] ?? '', 'some-1.0.whl'), 'whole');
    return succeeded();
  };
  const onProgress: InstallContext['onProgress'] = (progress) => seen.push(progress);
  const host = fakeHost({ python3: pip });
  const path = await downloadWheel(host, 'python3', request, folder, { ...context, onProgress });
  expect(path).toBe(join(folder, 'some-1.0.whl'));
  expect(seen).toContainEqual({ step: 'download some==1.0', done: 40, total: 100 });
  expect(readdirSync(folder)).toEqual(['some-1.0.whl']);
});

test.each([
  [
    'ERROR: Could not find a version that satisfies the requirement some==1.0\nERROR: No matching distribution found for some==1.0\n',
    'ENGINE_UNAVAILABLE',
    'No matching distribution found for some==1.0',
  ],
  [
    'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. x\n    Expected sha256 aa\n',
    'ENGINE_UNAVAILABLE',
    'DO NOT MATCH',
  ],
  [
    'WARNING: Retrying (Retry(total=0)) after connection broken by NewConnectionError(...)\nERROR: No matching distribution found for some==1.0\n',
    'NO_NETWORK',
    'some==1.0',
  ],
  ['ERROR: [Errno 28] No space left on device\n', 'DISK_FULL', 'no space left'],
  ['', 'ENGINE_UNAVAILABLE', 'exit code 1'],
])('says in one line what pip says: %j', async (stderr, code, words) => {
  const folder = makeFolder();
  const host = fakeHost({ python3: () => failed(stderr) });
  const error = await catchError(downloadWheel(host, 'python3', request, folder, context));
  expect(error.code).toBe(code);
  expect(error.message).toContain(words);
  expect(error.message).not.toContain('\n');
  expect(readdirSync(folder)).toEqual([]);
});

test('an interrupted pip leaves no wheel behind', async () => {
  const folder = makeFolder();
  const pip: Answer = (args) => {
    writeFileSync(join(args[args.indexOf('-d') + 1] ?? '', 'some-1.0.whl'), 'a part');
    throw new Error('cancelled');
  };
  const host = fakeHost({ python3: pip });
  const work = downloadWheel(host, 'python3', request, folder, context);
  await expect(work).rejects.toThrow('cancelled');
  expect(readdirSync(folder)).toEqual([]);
});
