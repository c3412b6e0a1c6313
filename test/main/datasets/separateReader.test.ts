import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LongTaskProgress } from '../../../src/shared/longTask.ts';
import { sourceReader } from '../../../src/main/datasets/sourceReader.ts';
import type { DatasetSource } from '../../../src/main/datasets/sourceReader.ts';
import { separateReader } from '../../../src/main/datasets/separateReader.ts';
import type { AfterimageError } from '../../../src/core/errors.ts';
import { asTheyAre } from '../../../src/main/datasets/imageChoices.ts';
import { catchError, makeFolder, makeIdxFiles, writeFiles } from './builders.ts';

async function makeSource(change: Record<string, Uint8Array> = {}): Promise<DatasetSource> {
  const path = await makeFolder();
  await writeFiles(path, { ...makeIdxFiles(10, 4), ...change });
  return { kind: 'files', format: 'idx', path, classNames: null, choices: asTheyAre };
}

test('a process reads the same, and tells how far it is', async () => {
  const source = await makeSource();
  const folder = await makeFolder();
  const steps: LongTaskProgress[] = [];
  const onProgress = (step: LongTaskProgress): unknown => steps.push(step);
  const [path, pathHere] = ['there', 'here'].map((name) => join(folder, name)) as [string, string];
  const facts = await separateReader.prepare({ source, name: 'tiny', path }, { onProgress });
  const factsHere = await sourceReader.prepare({ source, name: 'tiny', path: pathHere }, {});
  expect(facts).toEqual(factsHere);
  const file = await readFile(path);
  expect(file.equals(await readFile(pathHere))).toBe(true);
  expect(createHash('sha256').update(file).digest('hex')).toBe(facts.id);
  expect(steps.map(({ done }) => done)).toEqual([1, 2, 3, 4]);
  expect(await separateReader.preview(source, {})).toEqual(await sourceReader.preview(source, {}));
});

test('its errors cross with code, message and remedy', async () => {
  const name = 'train-labels-idx1-ubyte';
  const source = await makeSource({ [name]: Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 99) });
  const [there, here] = [
    await catchError(() => separateReader.preview(source, {})),
    await catchError(() => sourceReader.preview(source, {})),
  ];
  expect(here).toMatchObject({ code: 'CORRUPT_INPUT' });
  const tell = ({ code, message, remedy }: AfterimageError): string[] => [code, message, remedy];
  expect(tell(there)).toEqual(tell(here));
  expect(there.message).toContain(join(source.kind === 'files' ? source.path : '', name));
});

test('aborting ends it with the signal’s reason', async () => {
  const source = await makeSource();
  const controller = new AbortController();
  const reason = new Error('changed my mind');
  const read = separateReader.preview(source, { signal: controller.signal });
  controller.abort(reason);
  await expect(read).rejects.toBe(reason);
  const late = separateReader.preview(source, { signal: controller.signal });
  await expect(late).rejects.toBe(reason);
});
