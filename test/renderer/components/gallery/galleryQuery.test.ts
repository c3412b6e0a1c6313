import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  descendsAtFirst,
  quadrantsParam,
} from '../../../../src/renderer/components/gallery/galleryQuery.ts';
import { sortKeys } from '../../../../src/renderer/examples/ordering.ts';
import { openingQuadrants, quadrants } from '../../../../src/renderer/examples/quadrants.ts';

const codec = quadrantsParam(openingQuadrants);

it('keeps any choice of quadrants in the URL', () => {
  fc.assert(
    fc.property(fc.subarray([...quadrants]), (shown) => {
      expect(codec.parse(codec.format(shown))).toEqual(shown);
    }),
  );
});

it('leaves out what a gallery opens with, and ignores what it does not know', () => {
  expect(codec.format(['wrong-unsure'])).toBeNull();
  expect(codec.parse(null)).toEqual(['wrong-unsure']);
  expect(codec.format([])).toBe('none');
  expect(codec.parse('right-sure,nonsense')).toEqual(['right-sure']);
});

it('opens each order at its interesting end', () => {
  expect(sortKeys.filter(descendsAtFirst)).toEqual(['change']);
});
