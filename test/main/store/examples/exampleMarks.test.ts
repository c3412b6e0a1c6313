import { expect, it } from 'vitest';
import { openTestHistory } from '../fixtures.ts';

const [digits, clothes] = ['a'.repeat(64), 'b'.repeat(64)];

it('keeps tags in order and once, a set apart from another', () => {
  const { exampleMarks } = openTestHistory();
  const stored = exampleMarks.change(digits, {
    exampleId: 7,
    add: ['odd', 'blurred', 'odd'],
    note: ' four or nine ',
  });
  expect(stored).toEqual({ exampleId: 7, tags: ['blurred', 'odd'], note: 'four or nine' });
  exampleMarks.change(digits, { exampleId: 2, add: ['odd'] });
  exampleMarks.change(clothes, { exampleId: 7, add: ['bag'] });
  expect(exampleMarks.list(digits)).toEqual([{ exampleId: 2, tags: ['odd'], note: '' }, stored]);
  expect(exampleMarks.list(clothes).map(({ tags }) => tags)).toEqual([['bag']]);
});

it('changes what is named and keeps the rest, and forgets an image of which nothing is said', () => {
  const { exampleMarks } = openTestHistory();
  const change = (part: { add?: string[]; remove?: string[]; note?: string }) => {
    const now = exampleMarks.change(digits, { exampleId: 7, ...part });
    expect(exampleMarks.list(digits)).toEqual(now.tags.length + now.note.length > 0 ? [now] : []);
    return now;
  };
  change({ add: ['odd'], note: 'a' });
  expect(change({ note: 'b' })).toEqual({ exampleId: 7, tags: ['odd'], note: 'b' });
  expect(change({ add: ['thin'] }).tags).toEqual(['odd', 'thin']);
  expect(change({ remove: ['odd', 'never given'] })).toEqual({
    exampleId: 7,
    tags: ['thin'],
    note: 'b',
  });
  expect(change({ add: ['x'], remove: ['thin', 'x'], note: ' ' }).tags).toEqual(['x']);
  expect(change({ remove: ['x'] })).toEqual({ exampleId: 7, tags: [], note: '' });
});

it('takes no more tags than can be read again, and keeps those there are', () => {
  const { exampleMarks } = openTestHistory();
  const many = Array.from({ length: 50 }, (_, i) => `tag ${i}`);
  exampleMarks.change(digits, { exampleId: 7, add: many });
  expect(() => exampleMarks.change(digits, { exampleId: 7, add: ['another'] })).toThrow(
    'With those it would have 51 tags; 50 is the most.',
  );
  expect(exampleMarks.list(digits)).toMatchObject([{ tags: many.toSorted() }]);
});
