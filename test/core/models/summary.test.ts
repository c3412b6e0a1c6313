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

it('says where maps are, how large, and which of them is shown unless another is chosen', () => {
  const { targetLayers } = summarizeModel({ name: 'convnext' }, { imageSize: 28 }, 10);
  expect(targetLayers).toContainEqual({ name: 'stem', mapSize: 14, isDefault: false });
  expect(targetLayers.filter(({ isDefault }) => isDefault)).toEqual([
    { name: 'stage4.1.sum', mapSize: 7, isDefault: true },
  ]);
});

it('counts what is new in the same way, by hand for a depthwise convolution and two norms', () => {
  const images = { imageSize: 28 };
  const { layers, parameters } = summarizeModel({ name: 'convnext', size: 'atto' }, images, 10);
  const costOf = (name: string) => layers.find((layer) => layer.name === name);
  expect(costOf('stage1.1.depthwise')).toMatchObject({
    ...{ output: [14, 14, 40], parameters: 49 * 40 + 40 },
    ...{ macs: 196 * 49 * 40, otherOperations: 196 * 40 },
  });
  expect(costOf('stage1.1.norm')).toMatchObject({ parameters: 80, otherOperations: 2 * 196 * 40 });
  expect(costOf('stage1.1.grn')).toMatchObject({ parameters: 320, otherOperations: 4 * 196 * 160 });
  // The paper's 3,387,400 of the body, less 44 a channel of its stem's patches of 4 x 4 colours, less
  // three weights in four of the two down-samplings that here keep the size, and a head of 10 classes.
  const stem = 40 * (48 - 4);
  const kept = 3 * (80 * 160 + 160 * 320);
  expect(parameters).toBe(3_387_400 - stem - kept + 321 * 10);
});
