import { expect, it } from 'vitest';
import {
  describeExample,
  tileNumbers,
} from '../../../../src/renderer/components/gallery/galleryText.ts';
import { buildColumns } from '../../examples/builders.ts';

const columns = buildColumns([
  { exampleId: 12, label: 0, probabilities: [0.25, 0.625, 0.125], inputCorrelation: -0.5 },
  { exampleId: 13, label: 1, probabilities: [0, 1, 0] },
]);

it('writes on a tile what the gallery is sorted by', () => {
  expect(tileNumbers(columns, 'confidence', null)(0)).toBe('0.63');
  expect(tileNumbers(columns, 'exampleId', null)(0)).toBe('0.63');
  expect(tileNumbers(columns, 'inputCorrelation', null)(0)).toBe('−0.50');
  expect(tileNumbers(columns, 'inputCorrelation', null)(1)).toBe('–');
});

it('writes changes with their sign', () => {
  const before = buildColumns([
    { exampleId: 12, label: 0, probabilities: [0.875, 0.125, 0] },
    { exampleId: 13, label: 1, probabilities: [0.25, 0.75, 0] },
  ]);
  const number = tileNumbers(columns, 'change', before);
  expect([number(0), number(1)]).toEqual(['−0.25', '+0.25']);
  expect(tileNumbers(columns, 'change', null)(0)).toBe('–');
});

it('says of an example what its tile shows', () => {
  expect(describeExample(columns, 0, ['cat', 'dog', 'owl'])).toContain(
    'Example 12 · label cat · predicted dog · confidence 0.625 · margin 0.375 · input correlation −0.50',
  );
});
