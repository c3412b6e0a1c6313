import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { datasetRecordSchema, exampleSchema } from '../../../src/core/records.ts';
import { readHere, runHere } from '../../support/commands.ts';
import { makeTemporaryFolder, removeFolder } from '../../support/digits.ts';
import { expectRefusal } from '../../support/refusal.ts';
import { makeNpy } from '../datasets/builders.ts';

const [here, there] = [makeTemporaryFolder(), makeTemporaryFolder()];
const file = join(here, 'spots.npz');
const [size, train, test] = [8, 40, 12];

/** A bright spot in one of two corners, which tells the class; the mask is the lower right quarter. */
function makeArrays(count: number, seed: number) {
  const pixels = Array.from({ length: count * size ** 2 }, (_, p) => {
    const [image, row, column] = [Math.floor(p / 64), Math.floor(p / 8) % 8, p % 8];
    const isSpot = row < 3 && column < 3 === (image % 2 === 0) && (column < 3 || column > 4);
    return isSpot ? 240 : (p * 37 + seed) % 60;
  });
  const masks = pixels.map((_, p) => Number(p % 8 > 3 && Math.floor(p / 8) % 8 > 3));
  return {
    images: makeNpy('|u1', [count, size, size], Uint8Array.from(pixels)),
    labels: makeNpy(
      '|u1',
      [count],
      Uint8Array.from({ length: count }, (_, i) => i % 2),
    ),
    masks: makeNpy('|b1', [count, size, size], Uint8Array.from(masks)),
  };
}

function writeSet(path: string, withMasks: boolean): void {
  const entries = Object.entries({ train: makeArrays(train, 1), test: makeArrays(test, 2) });
  const arrays = entries.flatMap(([part, { images, labels, masks }]) => [
    [`${part}_images.npy`, images] as const,
    [`${part}_labels.npy`, labels] as const,
    ...(withMasks ? [[`${part}_masks.npy`, masks] as const] : []),
  ]);
  writeFileSync(path, zipSync(Object.fromEntries(arrays)));
}

const importSet = (dataDir: string, path: string, name: string): Promise<unknown> =>
  readHere(dataDir, 'datasets', 'import', '--format', 'npz', path, '--name', name);
const settings = ['--set', 'dataset=spots', '--set', 'batchSize=8', '--set', 'patience=null'];
const masked = [...settings, '--set', 'cam.mask=dataset', '--set', 'objective=energy'];
const trainHere = (...more: string[]): string[] => ['train', '--preset', 'mnist-c', ...more];

const framesSchema = z.object({ frames: z.array(z.object({ cam: z.array(z.array(z.number())) })) });

beforeAll(() => {
  writeSet(file, true);
});
afterAll(() => {
  for (const folder of [here, there]) removeFolder(folder);
});

describe('a data set that brings masks', () => {
  it('says so, and is another set without them', async () => {
    const record = datasetRecordSchema.parse(await importSet(here, file, 'spots'));
    expect(record.masks).toBe(true);
    expect(record.source).toContain('each image has a mask');
    const bare = join(here, 'bare.npz');
    writeSet(bare, false);
    const plain = datasetRecordSchema.parse(await importSet(here, bare, 'bare'));
    expect(plain).not.toHaveProperty('masks');
    expect(plain.id).not.toBe(record.id);
    expect(await readHere(here, 'datasets', 'show', 'spots')).toEqual(record);
    expectRefusal(await runHere(here, 'datasets', 'show', 'spot'), 1, ['no data set spot']);
    const { stdout } = await runHere(here, 'datasets', 'list');
    expect(stdout.match(/a mask for each image/g)).toHaveLength(1);
  });

  it('is what a run asks for that takes its masks', async () => {
    const refused = await runHere(here, ...trainHere(...masked, '--set', 'dataset=bare'));
    expectRefusal(refused, 2, ['cam.mask is dataset, but data set bare has no masks']);
  });

  it('has energy inside measured by its masks', async () => {
    await readHere(here, ...trainHere(...masked, '--epochs', '1', '--name', 'by masks'));
    const listed = await readHere(here, 'examples', '--run', 'by masks', '--epoch', '1');
    const { examples } = z.object({ examples: z.array(exampleSchema) }).parse(listed);
    expect(examples).toHaveLength(test);
    const words = ['--run', 'by masks', '--example', '5', '--epoch', '1'];
    const { frames } = framesSchema.parse(await readHere(here, 'cam', ...words));
    const cam = frames[0]?.cam ?? [];
    const sum = (rows: number[][]): number => rows.flat().reduce((total, v) => total + v, 0);
    const inside = cam.slice(4).map((row) => row.slice(4));
    const stored = examples.find(({ exampleId }) => exampleId === 5)?.energyInside ?? NaN;
    expect(Math.abs(stored - sum(inside) / sum(cam))).toBeLessThan(0.01);
  }, 60_000);

  it('takes its masks along in a bundle', async () => {
    const bundle = join(here, 'masks.afterimage');
    await readHere(here, 'runs', 'export', 'by masks', '--with-data', '--out', bundle);
    await readHere(there, 'runs', 'import', bundle);
    const ofBoth: unknown[] = [];
    for (const folder of [here, there]) {
      const { datasets } = z
        .object({ datasets: z.array(datasetRecordSchema) })
        .parse(await readHere(folder, 'datasets', 'list'));
      ofBoth.push(datasets.find(({ name }) => name === 'spots'));
      expect((await runHere(folder, 'verify')).code).toBe(0);
    }
    expect(ofBoth[1]).toEqual(ofBoth[0]);
    const words = ['examples', '--run', 'by masks', '--sort', 'pointing'];
    expect(await readHere(there, ...words)).toEqual(await readHere(here, ...words));
  });
});
