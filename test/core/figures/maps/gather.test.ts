import { expect, it } from 'vitest';
import type { ExampleFrames, FigureSource } from '../../../../src/core/figures/source.ts';
import { showMap } from '../../../../src/core/figures/maps/gather.ts';
import type { Run } from '../../../../src/core/records.ts';

const source = {
  getDataset: () => ({ imageSize: 2, classNames: ['zero', 'one', 'two'] }),
} as unknown as FigureSource;
const run = { id: 'r' } as Run;

const show = (targetClass: number, label = 1) => {
  const frame: ExampleFrames['frames'][number] = {
    epoch: 3,
    targetClass,
    predictedClass: 2,
    confidence: 0.9,
    inputCorrelation: 0.5,
    mapSize: 2,
    camMap: Float32Array.of(0, 1, 2, 4),
  };
  return showMap(source, run, { label, frames: [frame] }, frame);
};

it('gives the stored correlation to the predicted class’s map alone: it is of no other', () => {
  expect(show(2)).toMatchObject({ targetName: 'two', inputCorrelation: 0.5 });
  expect(show(1)).toMatchObject({ targetName: 'one', inputCorrelation: null });
});

it('says whether the prediction is the label, whatever class is explained', () => {
  expect([show(1, 1), show(2, 1), show(1, 2)].map(({ correct }) => correct)).toEqual([
    false,
    false,
    true,
  ]);
});

it('shows the map at the image’s size, divided by its maximum', () => {
  expect([...show(2).cam].map((value) => value.toFixed(3))).toEqual([
    '0.000',
    '0.250',
    '0.500',
    '1.000',
  ]);
});
