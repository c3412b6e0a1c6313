import { expect, it } from 'vitest';
import { presets } from '../../../../src/core/config/presets.ts';
import { runConfigSchema } from '../../../../src/core/config/runConfig.ts';
import type { DatasetContent } from '../../../../src/core/formats/datasetFile.ts';
import { prepareLabels } from '../../../../src/main/learning/dataset/permuteLabels.ts';

const labels = Uint8Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? 1 : i % 2));
const content = { train: { images: new Uint8Array(0), labels } } as unknown as DatasetContent;
const train = Uint32Array.from({ length: 150 }, (_, i) => i + 20);
const split = { train, validation: Uint32Array.of(0), test: Uint32Array.of(0) };
const config = presets['mnist-c-permuted'];
const permute = (seed: number): Uint8Array =>
  prepareLabels(content, { config, split, seed }).train.labels;

it('training images exchange their labels by the seed, all others keep theirs', () => {
  const permuted = permute(1);
  const of = (all: Uint8Array): number[] => Array.from(train, (index) => all[index] ?? 0);
  expect(of(permuted).toSorted()).toEqual(of(labels).toSorted());
  // Of two classes, about half keep theirs by chance.
  const kept = of(permuted).filter((label, i) => label === of(labels)[i]).length;
  expect(kept).toBeGreaterThan(45);
  expect(kept).toBeLessThan(110);
  expect(permuted.slice(0, 20)).toEqual(labels.slice(0, 20));
  expect(permuted.slice(170)).toEqual(labels.slice(170));
  expect(permute(1)).toEqual(permuted);
  expect(permute(2)).not.toEqual(permuted);
});

it('labels stay unless asked for, also for configurations from before there was a choice', () => {
  const { permuteLabels, ...before } = presets['mnist-c'].data;
  expect(permuteLabels).toBe('none');
  const read = runConfigSchema.parse({ ...presets['mnist-c'], data: before });
  expect(prepareLabels(content, { config: read, split, seed: 1 })).toBe(content);
});
