import { afterAll, beforeAll, expect, it } from 'vitest';
import { importDigits, readHere, runHere } from '../../support/commands.ts';
import { makeTemporaryFolder, removeFolder, shortRun } from '../../support/digits.ts';
import { expectRefusal } from '../../support/refusal.ts';

const folder = makeTemporaryFolder();
const ask = (...words: string[]): Promise<unknown> => readHere(folder, ...words);
const audit = (run: string, ...more: string[]): Promise<unknown> =>
  ask('audit', '--run', run, '--examples', '6', '--methods', 'gradcam', ...more);

beforeAll(async () => {
  await importDigits(folder, 120, 30);
  for (const [name, preset] of [
    ['plain', 'mnist-c'],
    ['pulled', 'mnist-r'],
  ] as const) {
    const words = shortRun(name, 1).map((word) => (word.startsWith('mnist-') ? preset : word));
    await ask(...words, '--set', 'trainExamples=64');
  }
}, 120_000);
afterAll(() => {
  removeFolder(folder);
});

interface Shown {
  audits: { method: string; exampleIds: number[]; columns: Record<string, (number | null)[]> }[];
}

it('keeps every value of every image, tells one run, and tests two', async () => {
  const words = ['table', '--which', 'audit', '--runs', 'plain,pulled'];
  expectRefusal(await runHere(folder, ...words), 1, ['plain was not audited', 'audit --run']);
  expect(await audit('plain', '--epochs', 'all')).toMatchObject({
    ...{ epochs: [0, 1], methods: ['gradcam', 'image', 'edges', 'chance'], images: 6, seed: 1 },
  });
  await audit('pulled', '--seed', '2');
  expectRefusal(await runHere(folder, ...words), 2, ['other images', 'same --examples, --seed']);
  await audit('pulled');
  const { audits } = (await ask('audit', 'show', '--run', 'plain')) as Shown;
  const [gradcam, image] = audits;
  expect(gradcam?.exampleIds).toHaveLength(6);
  expect(gradcam?.columns['cascade/rank']).toHaveLength(6 * 5);
  expect(image?.columns['inputSimilarity']).toEqual(Array<number>(6).fill(1));
  const { rows } = (await ask(...words, '--measures', 'road,gini')) as {
    rows: Record<string, string | number>[];
  };
  const [row] = rows;
  expect([row?.['method'], row?.['measure'], row?.['nA']]).toEqual(['Grad-CAM', 'ROAD', 6]);
  expect(row?.['difference']).toBeCloseTo(Number(row?.['meanB']) - Number(row?.['meanA']), 6);
  const { stdout } = await runHere(folder, 'audit', 'show', '--run', 'plain', '--epoch', '0');
  expect(stdout).toContain('audited at epoch 0, 1');
  expect(stdout).toContain('epoch 0.');
}, 120_000);

it.each([
  [['audit', '--run', 'plain', '--methods', 'gradcam,gradcam'], ['gradcam is named twice']],
  [
    ['audit', '--run', 'plain', '--epochs', '7'],
    ['no epoch 7', 'up to 1'],
  ],
  [['audit', '--run', 'plain', '--epochs', 'bst'], ['best, last, all']],
  [['audit', '--run', 'plain', '--methods', 'gradcan'], ['nearest is gradcam']],
  [['audit', '--run', 'plain', '--examples', '1'], ['from 2']],
  [['audit', 'show', '--run', 'plain', '--epoch', '9'], ['no epoch 9']],
  [['table', '--which', 'audit', '--runs', 'plain', '--metrics', 'iou'], ['--metrics']],
  [
    ['table', '--which', '1', '--runs', 'plain', '--measures', 'gini'],
    ['--measures', '--which audit'],
  ],
])('refuses %j', async (words, said) => {
  const { code, stderr } = await runHere(folder, ...words);
  expect(code).toBeGreaterThan(0);
  for (const part of said) expect(stderr).toContain(part);
});
