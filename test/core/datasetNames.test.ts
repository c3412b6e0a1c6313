import { expect, it } from 'vitest';
import { nameDatasets, shortenDatasetId } from '../../src/core/datasetNames.ts';

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];

it('names data sets by name alone where that tells them apart', () => {
  expect(nameDatasets([{ name: 'digits', id: a }])).toEqual(['digits']);
  expect(
    nameDatasets([
      { name: 'digits', id: a },
      { name: 'shoes', id: b },
      { name: 'digits', id: a },
    ]),
  ).toEqual(['digits', 'shoes', 'digits']);
});

it('adds the beginning of the id where two have one name', () => {
  expect(
    nameDatasets([
      { name: 'digits', id: a },
      { name: 'digits', id: b },
    ]),
  ).toEqual(['digits (aaaaaaaaaaaa)', 'digits (bbbbbbbbbbbb)']);
  expect(shortenDatasetId('0123456789abcdef'.repeat(4))).toBe('0123456789ab');
});
