import { describe, expect, it } from 'vitest';
import { adoptWeights, type ForeignFile } from '../../../src/core/formats/foreignWeights.ts';
import type { NamedTensor } from '../../../src/core/formats/safetensors.ts';
import { listCnnLayers } from '../../../src/core/models/paperCnn.ts';
import { describeNetwork } from '../../../src/core/models/network.ts';
import { Random } from '../../../src/core/random.ts';

/** One block of 2 channels on images of 4 x 4, so that a map of 2 x 2 x 2 is flattened. */
const network = describeNetwork(listCnnLayers({ channels: [2], hidden: 3, classes: 2 }), {
  imageSize: 4,
});
const random = Random.fromSeed(3);
const own: Record<string, NamedTensor> = Object.fromEntries(
  [...network.parameters, ...network.statistics].map(({ name, shape }) => [
    name,
    {
      shape,
      values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
        random.uniform(0.1, 1),
      ),
    },
  ]),
);
const valueOf = (name: string, ...index: number[]): number => {
  const { shape = [], values = [] } = own[name] ?? {};
  const at = index.reduce<number>((sum, i, axis) => sum * (shape[axis] ?? 0) + i, 0);
  return values[at] ?? Number.NaN;
};
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const tensor = (shape: number[], values: number[]): NamedTensor => ({
  shape,
  values: Float32Array.from(values),
});

/** The same weights as PyTorch has them: kernels [out, in, height, width], maps flattened channel first. */
const torch: Record<string, NamedTensor> = {
  'features.0.weight': tensor(
    [2, 1, 3, 3],
    range(2).flatMap((k) =>
      range(3).flatMap((y) => range(3).map((x) => valueOf('conv1/kernel', y, x, 0, k))),
    ),
  ),
  'classifier.1.weight': tensor(
    [3, 8],
    range(3).flatMap((unit) =>
      range(2).flatMap((channel) =>
        range(2).flatMap((y) =>
          range(2).map((x) => valueOf('dense1/kernel', (2 * y + x) * 2 + channel, unit)),
        ),
      ),
    ),
  ),
  'classifier.3.weight': tensor(
    [2, 3],
    range(2).flatMap((k) => range(3).map((unit) => valueOf('dense2/kernel', unit, k))),
  ),
  'features.0.bias': own['conv1/bias'] as NamedTensor,
  'features.1.weight': own['bn1/gamma'] as NamedTensor,
  'features.1.bias': own['bn1/beta'] as NamedTensor,
  'features.1.running_mean': own['bn1/mean'] as NamedTensor,
  'features.1.running_var': own['bn1/variance'] as NamedTensor,
  'classifier.1.bias': own['dense1/bias'] as NamedTensor,
  'classifier.3.bias': own['dense2/bias'] as NamedTensor,
};
const torchNames = {
  ...{ conv1: 'features.0', bn1: 'features.1' },
  ...{ dense1: 'classifier.1', dense2: 'classifier.3' },
};

const file = (tensors: Record<string, NamedTensor>, others: [string, string][] = []) =>
  ({ name: 'F', tensors, others: new Map(others) }) satisfies ForeignFile;

describe('adoptWeights', () => {
  it('takes weights in PyTorch’s layout by the names of its layers', () => {
    const given = file(torch, [['features.1.num_batches_tracked', 'I64']]);
    const adopted = adoptWeights(given, network, { names: torchNames, epsilon: null });
    expect(adopted).toEqual({ tensors: own, layout: 'pytorch', epsilon: 1e-5 });
  });

  it('takes its own names and layout as they are', () => {
    expect(adoptWeights(file(own), network, { names: {}, epsilon: null })).toEqual({
      ...{ tensors: own, layout: 'tensorflow', epsilon: 1e-5 },
    });
  });

  it('adds to the variance what Keras’s batch norms add more', () => {
    const { 'bn1/mean': mean, 'bn1/variance': variance, 'conv1/kernel': kernel, ...rest } = own;
    const keras = {
      ...rest,
      'first/kernel': kernel as NamedTensor,
      'bn1/moving_mean': mean as NamedTensor,
      'bn1/moving_variance': variance as NamedTensor,
    };
    const names = { 'conv1/kernel': 'first/kernel' };
    const { tensors, epsilon } = adoptWeights(file(keras), network, { names, epsilon: null });
    expect(epsilon).toBe(1e-3);
    expect(tensors['bn1/variance']?.values).toEqual(
      Float32Array.from(variance?.values ?? [], (value) => value + 0.00099),
    );
    const told = adoptWeights(file(keras), network, { names, epsilon: 1e-5 });
    expect(told.tensors).toEqual(own);
  });

  it.each<[string, ForeignFile, Record<string, string>, string]>([
    [
      'what is not there',
      file(torch),
      {},
      'F has nothing for conv1/kernel: it has features.0.weight, classifier.1.weight, classifier.3.weight, features.0.bias, features.1.weight, features.1.bias, features.1.running_mean, features.1.running_var, and 2 more.',
    ],
    [
      'a name that is no layer',
      file(torch),
      { ...torchNames, conv2: 'features.4' },
      'The names have conv2, which is no layer of the model that has weights, and none of these.',
    ],
    [
      'another shape',
      file({ ...torch, 'classifier.3.weight': tensor([3, 3], range(9)) }),
      torchNames,
      'classifier.3.weight in F is [3, 3], where dense2/kernel is [2, 3].',
    ],
    [
      'half precision',
      file(Object.fromEntries(Object.entries(own).filter(([name]) => name !== 'bn1/beta')), [
        ['bn1/beta', 'F16'],
      ]),
      {},
      'bn1/beta in F is of type F16.',
    ],
    [
      'whole numbers',
      file({ ...own, 'bn1/beta': { shape: [2], values: Int32Array.of(1, 2) } }),
      {},
      'bn1/beta in F holds whole numbers.',
    ],
    [
      'what is not finite',
      file({ ...own, 'bn1/beta': tensor([2], [1, Number.NaN]) }),
      {},
      'bn1/beta in F holds values that are not finite.',
    ],
  ])('refuses %s', (_, given, names, message) => {
    expect(() => adoptWeights(given, network, { names, epsilon: null })).toThrow(message);
  });
});
