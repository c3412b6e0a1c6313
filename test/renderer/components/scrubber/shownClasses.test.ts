import { expect, it } from 'vitest';
import { chooseClasses } from '../../../../src/renderer/components/scrubber/shownClasses.ts';

const side = (...probabilities: number[]) => ({
  probabilities: Float32Array.from(probabilities),
  predicted: probabilities.indexOf(Math.max(...probabilities)),
});

it('shows the label first, then what is predicted and the next three by probability', () => {
  const only = side(0.02, 0.5, 0.03, 0.3, 0.1, 0.05);
  expect(chooseClasses([only], 2, 6, 3)).toEqual([2, 1, 3, 4, 5]);
  // Where the label is predicted, one more class is not needed.
  expect(chooseClasses([only], 1, 6, 3)).toEqual([1, 3, 4, 5]);
});

it('shows what each run predicts, and never a class twice', () => {
  const [a, b] = [side(0.6, 0.1, 0.1, 0.2), side(0.1, 0.1, 0.7, 0.1)];
  expect(chooseClasses([a, b], 1, 4, 1)).toEqual([1, 2, 0, 3]);
  expect(chooseClasses([a, b], 2, 4, 9)).toEqual([2, 0, 3, 1]);
});
