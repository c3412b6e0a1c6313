import { describe, expect, test } from 'vitest';
import { makeMask, noteMasks } from '../../../src/main/datasets/masks.ts';
import type { SourceContent } from '../../../src/main/datasets/source.ts';
import { catchError } from './builders.ts';

describe('a mask', () => {
  test('is 1 where any of the values is not 0', () => {
    const levels = [0, 0, 0, 0, 0, 1, 200, 0, 0, 0, 0, 0];
    const format = { width: 2, height: 2, channels: 3 };
    expect([...makeMask(levels, format, 2)]).toEqual([0, 1, 1, 0]);
  });

  test('of a high image is its middle square', () => {
    const levels = [1, 1, 1, 0, 0, 0, 0, 1, 1, 1];
    expect([...makeMask(levels, { width: 2, height: 5, channels: 1 }, 2)]).toEqual([1, 0, 0, 0]);
  });

  test('takes the pixels nearest to the middles of the new ones', () => {
    // Middles of thirds of five pixels: 0.83, 2.5 and 4.17 pixels from the left.
    const levels = Array.from({ length: 25 }, (_, p) => Number(p % 5 === 2));
    const mask = makeMask(levels, { width: 5, height: 5, channels: 1 }, 3);
    expect([...mask]).toEqual([0, 1, 0, 0, 1, 0, 0, 1, 0]);
  });
});

describe('what is said of masks', () => {
  const content = (train: number[] | undefined, test: number[] | undefined): SourceContent => {
    const split = (masks: number[] | undefined) => ({
      images: Uint8Array.of(1, 2),
      labels: Uint8Array.of(0, 1),
      masks: masks && Uint8Array.from(masks),
    });
    return {
      ...{ imageSize: 1, channels: 1, classNames: ['a', 'b'], source: '', notes: [] },
      ...{ sourceChecksums: {}, train: split(train), test: split(test) },
    };
  };

  test('counts those that are empty', () => {
    expect(noteMasks(content(undefined, undefined), 'x')).toEqual([]);
    expect(noteMasks(content([1, 1], [1, 1]), 'x')).toEqual(['each image has a mask']);
    expect(noteMasks(content([0, 1], [1, 0]), 'x')).toEqual([
      'each image has a mask, 2 of them empty',
    ]);
  });

  test('refuses a split without anything inside', async () => {
    const error = await catchError(() => noteMasks(content([1, 0], [0, 0]), 'my.npz'));
    expect(error).toMatchObject({
      code: 'CORRUPT_INPUT',
      message: 'All test masks of my.npz are empty: each of their pixels is 0.',
    });
  });
});
