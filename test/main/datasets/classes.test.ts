import { expect, test } from 'vitest';
import {
  checkSeveralClasses,
  nameClasses,
  noteEmptyClasses,
  replaceNames,
} from '../../../src/main/datasets/classes.ts';
import type { SourceContent } from '../../../src/main/datasets/source.ts';
import { expectError } from './builders.ts';

const contentOf = (classNames: string[], train: number[], test: number[]): SourceContent => ({
  imageSize: 1,
  channels: 1,
  classNames,
  train: { images: Uint8Array.from(train), labels: Uint8Array.from(train) },
  test: { images: Uint8Array.from(test), labels: Uint8Array.from(test) },
  source: 'somewhere',
  notes: [],
  sourceChecksums: {},
});

test('names go to the classes in their order', () => {
  const named = nameClasses(contentOf(['1', '2'], [0, 1], [1]), [' lung', 'heart ']);
  expect(named.classNames).toEqual(['lung', 'heart']);
  expect([...named.train.labels]).toEqual([0, 1]);
});

test('more names than labels that occur go by the labels', () => {
  const named = nameClasses(contentOf(['0', '3'], [0, 1, 1], [1]), ['a', 'b', 'c', 'd']);
  expect(named.classNames).toEqual(['a', 'b', 'c', 'd']);
  expect([...named.train.labels]).toEqual([0, 3, 3]);
  expect([...named.test.labels]).toEqual([3]);
});

test('names that fit no class are refused', async () => {
  const content = contentOf(['0', '5'], [0, 1], [1]);
  for (const [names, part] of [
    [['a'], '1 names are given for 2 classes: 0, 5'],
    [['a', 'b', 'c'], '3 names'],
    [['a', 'a'], 'Two classes would be called "a"'],
    [['caf\u00e9', 'cafe\u0301'], 'Two classes'],
    [['a', ' '], '1 to 200 characters'],
  ] as const) {
    await expectError(() => nameClasses(content, names), 'INVALID_ARGUMENT', part);
  }
  await expectError(
    () => nameClasses(contentOf(['cat', 'dog'], [0], [1]), ['a', 'b', 'c']),
    'INVALID_ARGUMENT',
    'cat, dog',
  );
  await expectError(
    () => replaceNames(['0', '5'], ['a', 'b', 'c', 'd', 'e', 'f']),
    'INVALID_ARGUMENT',
    '6 names',
  );
});

test('classes without images in a split are told', () => {
  const content = contentOf(['a', 'b', 'c'], [0, 1], [2]);
  expect(noteEmptyClasses(content)).toEqual([
    'class c has no training images',
    'classes a, b have no test images',
  ]);
  const many = contentOf(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], [0, 1, 2, 3, 4, 5, 6, 7], [7]);
  expect(noteEmptyClasses(many)).toEqual(['classes a, b, c, d, e and 2 more have no test images']);
});

test('one class is refused', async () => {
  await expectError(
    () => {
      checkSeveralClasses(contentOf(['a'], [0], [0]), '/x');
    },
    'CORRUPT_INPUT',
    '/x has one class only, a',
  );
});
