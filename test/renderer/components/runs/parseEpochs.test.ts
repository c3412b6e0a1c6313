import { expect, it } from 'vitest';
import { parseEpochs } from '../../../../src/renderer/components/runs/parseEpochs.ts';

it.each([
  ['0', [0]],
  ['10, 3,3 0', [0, 3, 10]],
  [' 2,', [2]],
  ['', null],
  [',', null],
  ['2, best', null],
  ['1.5', null],
  ['-1', null],
])('reads %j as %j', (text, epochs) => {
  expect(parseEpochs(text)).toEqual(epochs);
});
