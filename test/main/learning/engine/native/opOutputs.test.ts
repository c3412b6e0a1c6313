import { expect, it } from 'vitest';
import { nameInFunction } from '../../../../../src/main/learning/engine/native/opOutputs.ts';

// The names of output arguments as tensorflow/core/ops defines them.
it.each([
  ['AddV2', 0, 'node:z:0'],
  ['BitwiseAnd', 0, 'node:z:0'],
  ['Abs', 0, 'node:y:0'],
  ['ZerosLike', 0, 'node:y:0'],
  ['Transpose', 0, 'node:y:0'],
  ['All', 0, 'node:output:0'],
  ['Const', 0, 'node:output:0'],
  ['UnsortedSegmentSum', 0, 'node:output:0'],
  ['Relu', 0, 'node:activations:0'],
  ['ReluGrad', 0, 'node:backprops:0'],
  ['LogSoftmax', 0, 'node:logsoftmax:0'],
  ['Cumsum', 0, 'node:out:0'],
  ['MatMul', 0, 'node:product:0'],
  ['ResizeBilinear', 0, 'node:resized_images:0'],
  ['Softmax', 0, 'node:softmax:0'],
  ['AddN', 0, 'node:sum:0'],
  // A list of outputs has one name, and a number for each.
  ['Split', 0, 'node:output:0'],
  ['SplitV', 2, 'node:output:2'],
  ['Unpack', 1, 'node:output:1'],
  ['StatelessWhile', 3, 'node:output:3'],
  // Outputs with names of their own are each the first of theirs.
  ['TopKV2', 0, 'node:values:0'],
  ['TopKV2', 1, 'node:indices:0'],
  ['FusedBatchNorm', 0, 'node:y:0'],
  ['FusedBatchNormV3', 0, 'node:y:0'],
  ['FusedBatchNormV3', 1, 'node:batch_mean:0'],
  ['FusedBatchNormV3', 2, 'node:batch_variance:0'],
  ['FusedBatchNormV3', 3, 'node:reserve_space_1:0'],
  ['FusedBatchNormV3', 4, 'node:reserve_space_2:0'],
  ['FusedBatchNormV3', 5, 'node:reserve_space_3:0'],
  ['FusedBatchNormGradV3', 0, 'node:x_backprop:0'],
  ['FusedBatchNormGradV3', 1, 'node:scale_backprop:0'],
  ['FusedBatchNormGradV3', 2, 'node:offset_backprop:0'],
  ['FusedBatchNormGradV3', 3, 'node:reserve_space_4:0'],
  ['FusedBatchNormGradV3', 4, 'node:reserve_space_5:0'],
] as const)('output of %s, number %i, is %s', (operation, index, expected) => {
  expect(nameInFunction('node', operation, index)).toBe(expected);
});

it.each([
  ['NoSuchOperation', 0],
  ['', 0],
  ['TopKV2', 2],
  ['FusedBatchNormV3', 6],
])('there is none of %s, number %i', (operation, index) => {
  expect(nameInFunction('node', operation, index)).toBeNull();
});

it('one that an operation cannot have is no other of its outputs: TensorFlow refuses it', () => {
  expect(nameInFunction('node', 'AddV2', 1)).toBe('node:z:1');
});
