import { expect, it } from 'vitest';
import { changeTags } from '../../src/core/tags.ts';

it('changes what is named, whatever else there is, each once and in order', () => {
  expect(
    changeTags(['odd', 'blurred'], { add: ['thin', 'odd'], remove: ['blurred', 'no'] }),
  ).toEqual(['odd', 'thin']);
  expect(changeTags(['a'], { add: ['b'], remove: ['b'] })).toEqual(['a', 'b']);
  expect(changeTags(['b', 'a'], {})).toEqual(['a', 'b']);
});

it('refuses the fifty-first, not the fiftieth', () => {
  const many = Array.from({ length: 49 }, (_, i) => `tag ${i}`);
  expect(changeTags(many, { add: ['last'] })).toHaveLength(50);
  expect(() => changeTags(many, { add: ['last', 'too many'] })).toThrow('51 tags; 50 is the most');
  expect(changeTags(many, { add: ['last', 'new'], remove: ['tag 1'] })).toHaveLength(50);
});
