import { expect, it } from 'vitest';
import { openTestHistory } from '../fixtures.ts';

const [digits, clothes] = ['a'.repeat(64), 'b'.repeat(64)];

it('keeps tags in order and once, a set apart from another', () => {
  const { exampleMarks } = openTestHistory();
  const stored = exampleMarks.set(digits, {
    exampleId: 7,
    tags: ['odd', 'blurred', 'odd'],
    note: ' four or nine ',
  });
  expect(stored).toEqual({ exampleId: 7, tags: ['blurred', 'odd'], note: 'four or nine' });
  exampleMarks.set(digits, { exampleId: 2, tags: ['odd'], note: '' });
  exampleMarks.set(clothes, { exampleId: 7, tags: ['bag'], note: '' });
  expect(exampleMarks.list(digits)).toEqual([{ exampleId: 2, tags: ['odd'], note: '' }, stored]);
  expect(exampleMarks.list(clothes).map(({ tags }) => tags)).toEqual([['bag']]);
});

it('replaces what was said, and forgets an image of which nothing is', () => {
  const { exampleMarks } = openTestHistory();
  exampleMarks.set(digits, { exampleId: 7, tags: ['odd'], note: 'a' });
  exampleMarks.set(digits, { exampleId: 7, tags: [], note: 'b' });
  expect(exampleMarks.list(digits)).toEqual([{ exampleId: 7, tags: [], note: 'b' }]);
  exampleMarks.set(digits, { exampleId: 7, tags: [], note: ' ' });
  expect(exampleMarks.list(digits)).toEqual([]);
});
