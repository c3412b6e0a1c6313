import { expect, it } from 'vitest';
import { joinRanges } from '../../src/core/ranges.ts';

it.each<[number[], string]>([
  [[], ''],
  [[4], '4'],
  [[0, 1, 2, 5, 7, 8], '0–2, 5, 7–8'],
])('joins %j', (numbers, text) => {
  expect(joinRanges(numbers)).toBe(text);
});
