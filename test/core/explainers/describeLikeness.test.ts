import { expect, it } from 'vitest';
import { describeLikeness } from '../../../src/core/explainers/describeLikeness.ts';

const likeness = {
  ...{ prototype: 2, prototypes: 5, similarity: 3.456, mapSize: 7 },
  patch: { image: 1234, row: 0, column: 6, epoch: 2 },
};

it('says which prototype it is, how alike, and which patch of which image', () => {
  expect(describeLikeness(likeness, 2)).toBe(
    'Prototype 2 of 5; Likeness 3.46 of at most 9.21; Training image 1234, row 1, column 7 of 7\u00a0×\u00a07; Projected after epoch 2',
  );
});

it('says where steps have moved it since, and where it is no patch yet', () => {
  expect(describeLikeness(likeness, 3)).toContain('Projected after epoch 2, moved since');
  const unprojected = describeLikeness({ ...likeness, patch: null }, 0);
  expect(unprojected).toContain('No training image yet');
  expect(unprojected).not.toContain('after epoch');
});
