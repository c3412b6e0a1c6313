import { expect, it } from 'vitest';
import { summarizeModel } from '../../../src/core/models/summary.ts';

it('counts the parameters and MACs that the paper states', () => {
  const summary = summarizeModel({ name: 'paper-cnn' }, { imageSize: 28 }, 10);
  expect(summary.parameters).toBe(390_858);
  expect(summary.macs).toBe(7_748_608);
  expect(summary.flops).toBeGreaterThan(2 * summary.macs);
});

it('counts one layer after the other, by hand for the first block', () => {
  const { layers } = summarizeModel({ name: 'paper-cnn' }, { imageSize: 28 }, 10);
  expect(layers.slice(0, 4)).toEqual([
    {
      name: 'conv1',
      output: [28, 28, 32],
      parameters: 9 * 32 + 32,
      macs: 784 * 9 * 32,
      otherOperations: 784 * 32,
    },
    {
      name: 'bn1',
      output: [28, 28, 32],
      parameters: 64,
      macs: 0,
      otherOperations: 2 * 784 * 32,
    },
    { name: 'relu1', output: [28, 28, 32], parameters: 0, macs: 0, otherOperations: 784 * 32 },
    { name: 'pool1', output: [14, 14, 32], parameters: 0, macs: 0, otherOperations: 3 * 196 * 32 },
  ]);
  expect(layers.map(({ name }) => name)).toEqual([
    ...[1, 2, 3].flatMap((block) =>
      ['conv', 'bn', 'relu', 'pool'].map((kind) => `${kind}${block}`),
    ),
    ...['dense1', 'relu', 'dense2'],
  ]);
});
