import { expect, it } from 'vitest';
import type { LayerSpec } from '../../../../src/core/models/layers.ts';
import { describeNetwork } from '../../../../src/core/models/network.ts';
import { findConvolutionBlocks } from '../../../../src/main/learning/model/convolutionBlocks.ts';

const convolution = (name: string, from?: string): LayerSpec => ({
  ...{ kind: 'convolution', name, outputs: 2 },
  ...(from === undefined ? {} : { from }),
});
const rest: LayerSpec[] = [
  { kind: 'flatten', name: 'flat' },
  { kind: 'dense', name: 'logits', outputs: 2 },
];

/** Names of the blocks' layers, among the first `count` layers where it is given. */
function findNames(specs: LayerSpec[], count = specs.length + rest.length): string[] {
  const { layers } = describeNetwork([...specs, ...rest], { imageSize: 8 });
  const numbers = layers.map((_, number) => number).slice(0, count);
  return findConvolutionBlocks(layers, numbers).map((block) =>
    [block.convolution, block.norm, block.relu]
      .map((number) => layers[number]?.spec.name)
      .join(' '),
  );
}

const block: LayerSpec[] = [
  convolution('c1'),
  { kind: 'batchNorm', name: 'n1' },
  { kind: 'relu', name: 'r1' },
];

it('finds a convolution with its norm and ReLU, again and again', () => {
  const second: LayerSpec[] = [
    convolution('c2'),
    { kind: 'batchNorm', name: 'n2' },
    { kind: 'relu', name: 'r2' },
  ];
  expect(findNames([...block, ...second])).toEqual(['c1 n1 r1', 'c2 n2 r2']);
});

it('leaves apart what is not all asked for, as at a cut inside', () => {
  expect(findNames(block, 2)).toEqual([]);
  expect(findNames(block, 3)).toEqual(['c1 n1 r1']);
});

it('leaves apart what another layer reads in between', () => {
  const sum: LayerSpec = { kind: 'add', name: 's', other: 'n1' };
  expect(findNames([...block, sum])).toEqual([]);
});

it('leaves apart a convolution without norm, and a norm without ReLU', () => {
  expect(findNames([convolution('c'), { kind: 'relu', name: 'r' }])).toEqual([]);
  const [first, second] = block as [LayerSpec, LayerSpec];
  expect(findNames([first, second, { kind: 'gelu', name: 'g' }])).toEqual([]);
  expect(findNames([second, { kind: 'relu', name: 'r' }])).toEqual([]);
});
