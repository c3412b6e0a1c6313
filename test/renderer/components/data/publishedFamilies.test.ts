import { expect, it } from 'vitest';
import {
  groupPublished,
  suggestSize,
} from '../../../../src/renderer/components/data/publishedFamilies.ts';
import { describePublished, publishedSets } from '../../../../src/main/datasets/published.ts';

const families = groupPublished(describePublished(publishedSets));

it('a set is one, in whatever sizes it is published', () => {
  expect(families).toHaveLength(18);
  expect(families.map(({ name }) => name)).toContain('emnist-letters');
  const path = families.find(({ name }) => name === 'pathmnist');
  expect(path?.title).toBe('PathMNIST');
  expect(path?.entries.map(({ name, imageSize }) => `${name} ${imageSize}`)).toEqual([
    ...['pathmnist 28', 'pathmnist_64 64', 'pathmnist_128 128', 'pathmnist_224 224'],
  ]);
});

it('images are scaled where they could not be stored otherwise, and where 64 pixels are too many to fewer', () => {
  const [first] = families[0]?.entries ?? [];
  if (first === undefined) throw new Error('no entry');
  expect([null, 100, 40].map((largestSize) => suggestSize({ ...first, largestSize }))).toEqual([
    ...[null, 64, 40],
  ]);
});
