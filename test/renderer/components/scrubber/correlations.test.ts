import { expect, it } from 'vitest';
import { readCorrelations } from '../../../../src/renderer/components/scrubber/correlations.ts';
import { buildSides } from '../../../../src/renderer/components/scrubber/useScrubber.ts';
import type { ExampleHistory } from '../../../../src/renderer/examples/exampleHistory.ts';
import { buildHistory } from './histories.ts';

function sideOf(main: ExampleHistory) {
  const [side] = buildSides({ main, beside: [], besideError: null, classMapsError: null }, []);
  if (side === undefined) throw new Error('no side');
  return side;
}
const rounded = (values: Float32Array): number[] =>
  Array.from(values, (value) => Number(value.toFixed(3)));

it('are those stored for the map of the predicted class', () => {
  const side = sideOf(buildHistory('a', [1, 0]));
  expect(rounded(readCorrelations(side, 'predicted'))).toEqual([0.9, 0.9]);
});

it('are computed for the maps of another class, and stored ones stay where it is predicted', () => {
  // The label's map lies on the half that the image leaves black.
  const side = sideOf(buildHistory('a', [1, 0]));
  expect(rounded(readCorrelations(side, 'label'))).toEqual([-1, 0.9]);
  const { labelMaps, predictedMaps } = side.history;
  const every = sideOf({ ...side.history, classMaps: [predictedMaps, labelMaps] });
  expect(rounded(readCorrelations(every, 1))).toEqual([0.9, -1]);
  expect(rounded(readCorrelations(every, 0))).toEqual([1, 0.9]);
});

it('are not known without the image', () => {
  const side = sideOf({ ...buildHistory('a', [1, 0]), image: null });
  expect(rounded(readCorrelations(side, 'label'))).toEqual([Number.NaN, 0.9]);
});
