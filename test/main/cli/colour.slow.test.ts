import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeSafetensors } from '../../../src/core/formats/safetensors.ts';
import { Random } from '../../../src/core/random.ts';
import { camFrameSchema, datasetRecordSchema, exampleSchema } from '../../../src/core/records.ts';
import { runDocumentSchema, type RunDocument } from '../../../src/main/export/runDocument.ts';
import { readJson, runCli } from '../../support/cli.ts';
import { makeTemporaryFolder, removeFolder } from '../../support/digits.ts';
import { makeNpy } from '../datasets/builders.ts';

/** A set like PathMNIST: 28 x 28 pixels in colour, nine classes, each a hue on noise. */
const dataDir = makeTemporaryFolder();
const classes = 9;
const levelsPerImage = 28 * 28 * 3;

/** What a class adds to red, green and blue: a number in base three. */
const hueOf = (label: number, channel: number): number =>
  label === 8 ? 70 : Math.floor(label / 2 ** channel) % 2 === 1 ? 140 : 0;

function makeSplit(name: string, count: number, random: Random): Record<string, Uint8Array> {
  const labels = Uint8Array.from({ length: count }, (_, i) => i % classes);
  const images = Uint8Array.from({ length: count * levelsPerImage }, (_, i) => {
    const row = Math.floor((i % levelsPerImage) / 84);
    const isInside = row > 6 && row < 21;
    const label = labels[Math.floor(i / levelsPerImage)] ?? 0;
    return random.uniform(0, 60) + (isInside ? 40 + hueOf(label, i % 3) : 0);
  });
  return {
    [`${name}_images.npy`]: makeNpy('|u1', [count, 28, 28, 3], images),
    [`${name}_labels.npy`]: makeNpy('|u1', [count, 1], labels),
  };
}

const runsSchema = z.object({ runs: z.array(runDocumentSchema) });
let runs: RunDocument[] = [];

beforeAll(async () => {
  const random = Random.fromSeed(7);
  const path = join(dataDir, 'pathlike.npz');
  const arrays = { train: 180, val: 27, test: 54 };
  const entries = Object.entries(arrays).map(([name, count]) => makeSplit(name, count, random));
  await writeFile(path, zipSync(Object.assign({}, ...entries) as Record<string, Uint8Array>));
  const record = datasetRecordSchema.parse(
    await readJson(dataDir, 'datasets', 'import', '--format', 'npz', path, '--name', 'tissue'),
  );
  expect(record).toMatchObject({ channels: 3, imageSize: 28, testCounts: Array(9).fill(6) });
  expect(record.mean).toHaveLength(3);
  const set = ['data.dataset=tissue', 'batchSize=32', 'learningRate=0.003', 'patience=null'];
  const settings = set.flatMap((one) => ['--set', one]);
  const words = ['train', '--preset', 'mnist-c,mnist-r', '--epochs', '2', '--engine', 'wasm'];
  runs = runsSchema.parse(await readJson(dataDir, ...words, ...settings)).runs;
}, 120_000);
afterAll(() => {
  removeFolder(dataDir);
});

it('C and R learn from colours', () => {
  expect(runs.map(({ status }) => status)).toEqual(['completed', 'completed']);
  // One in nine by chance.
  const accuracies = runs.map(({ epochs }) => epochs.at(-1)?.testAccuracy ?? 0);
  for (const accuracy of accuracies) expect(accuracy).toBeGreaterThan(0.3);
});

it('the weights say what goes in', async () => {
  const out = join(dataDir, 'c.safetensors');
  await readJson(dataDir, 'weights', '--run', runs[0]?.id ?? '', '--out', out);
  const { tensors, metadata } = decodeSafetensors(await readFile(out), 'weights');
  expect(tensors['conv1/kernel']?.shape).toEqual([3, 3, 3, 32]);
  expect(metadata['inputShape']).toBe('[28,28,3]');
  expect(JSON.parse(metadata['mean'] ?? '')).toHaveLength(3);
});

it('examples and maps of any class are told', async () => {
  const id = runs[1]?.id ?? '';
  const words = ['examples', '--run', id, '--filter', 'all', '--limit', '3'];
  const { examples } = z
    .object({ examples: z.array(exampleSchema) })
    .parse(await readJson(dataDir, ...words));
  expect(examples.map(({ exampleId }) => exampleId)).toEqual([0, 1, 2]);
  const explaining = ['--example', '1', '--epoch', 'all', '--class', '5', '--method', 'layercam'];
  const { frames } = z
    .object({ frames: z.array(camFrameSchema) })
    .parse(await readJson(dataDir, 'cam', '--run', id, ...explaining));
  expect(frames.map(({ targetClass, cam }) => [targetClass, cam.length])).toEqual(
    Array(3).fill([5, 28]),
  );
});

it('a figure shows the image in its colours', async () => {
  const spec = join(dataDir, 'figure.json');
  const rows = runs.map(({ id }) => ({ run: id, example: 1 }));
  await writeFile(spec, JSON.stringify({ template: 'cam-evolution', rows, epochs: [0, 2] }));
  const out = join(dataDir, 'figure.pdf');
  expect((await runCli(dataDir, 'figure', spec, '--out', out)).code).toBe(0);
  expect((await readFile(out)).subarray(0, 5).toString()).toBe('%PDF-');
  const table = await readFile(join(dataDir, 'figure.csv'), 'utf8');
  const kinds = new Set(table.split('\n').map((line) => line.split(',')[0]));
  for (const kind of ['image red', 'image green', 'image blue']) expect(kinds).toContain(kind);
  expect((await runCli(dataDir, 'figure', 'verify', out)).code).toBe(0);
});
