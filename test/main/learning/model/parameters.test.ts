import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  flattenParameters,
  initializeParameters,
  nameParameters,
  splitParameters,
  totalSize,
} from '../../../../src/main/learning/model/parameters.ts';
import type { ParameterSpec } from '../../../../src/core/models/layers.ts';
import { describeModel } from '../../../../src/core/models/network.ts';
import { Random } from '../../../../src/core/random.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Inputs of one unit of each layer of the paper's network on 28 x 28: 3 x 3 x channels, or features. */
const fanIns = { conv1: 9, conv2: 9 * 32, conv3: 9 * 64, dense1: 1152, dense2: 256 };

describe('the initial weights of the paper’s network', () => {
  const { parameters, statistics } = describeModel({ name: 'paper-cnn' }, { imageSize: 28 }, 10);
  const draw = (seed: number): Record<string, Float32Array> => {
    const flat = initializeParameters(parameters, Random.fromSeed(seed));
    const named = Object.entries(nameParameters(flat, parameters));
    return Object.fromEntries(named.map(([name, { values }]) => [name, values as Float32Array]));
  };
  // A kernel of many values, or a bias over many seeds: at least 2,880 draws each.
  const seeds = Array.from({ length: 288 }, (_, seed) => seed);
  const few = parameters.filter(({ shape }) => shape.reduce((a, b) => a * b, 1) < 2880);
  const small = seeds.map((seed) => initializeParameters(few, Random.fromSeed(seed)));
  const once = draw(1);

  const drawsOf = (name: string): number[] =>
    few.some((spec) => spec.name === name)
      ? small.flatMap((flat) => [...(nameParameters(flat, few)[name]?.values ?? [])])
      : [...(once[name] ?? [])];

  const cases = Object.entries(fanIns).flatMap(([layer, fanIn]) =>
    ['kernel', 'bias'].map((part) => ({ name: `${layer}/${part}`, bound: 1 / Math.sqrt(fanIn) })),
  );
  it.each(cases)('$name is uniform within 1 / sqrt(fan-in)', ({ name, bound }) => {
    const values = drawsOf(name).map((value) => value / bound);
    const n = values.length;
    expect(n).toBeGreaterThanOrEqual(2880);
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    const variance = values.reduce((sum, value) => sum + value ** 2, 0) / n;
    // Uniform in ±1: variance 1/3, of its square 4/45; five standard deviations of the means.
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(1 / 3 / n));
    expect(Math.abs(variance - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / n));
    // Rounded to single precision, a value may touch the bound; none is far from it.
    const most = values.reduce((far, value) => Math.max(far, Math.abs(value)), 0);
    expect(most).toBeLessThanOrEqual(1 + 1e-7);
    expect(most).toBeGreaterThan(1 - 20 / n);
  });

  it('prototypes start uniform from 0 to 1, and a last layer with its classes’ own at 1', () => {
    const choice = { name: 'protopnet', prototypesPerClass: 2 } as const;
    const network = describeModel(choice, { imageSize: 28 }, 3);
    const flat = initializeParameters(network.parameters, Random.fromSeed(1));
    const named = nameParameters(flat, network.parameters);
    const vectors = named['prototypes/vectors']?.values as Float32Array;
    expect(Math.min(...vectors)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...vectors)).toBeLessThanOrEqual(1);
    const mean = vectors.reduce((sum, value) => sum + value, 0) / vectors.length;
    // 192 draws: five standard deviations of their mean.
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / 192));
    const [own, other] = [1, -0.5];
    expect([...(named['dense/kernel']?.values ?? [])]).toEqual([
      ...[own, other, other, own, other, other],
      ...[other, own, other, other, own, other],
      ...[other, other, own, other, other, own],
    ]);
    const kept = initializeParameters(network.statistics, Random.fromSeed(1));
    expect(new Set(kept.slice(-24))).toEqual(new Set([-1]));
  });

  it('norms start as the identity, having seen nothing', () => {
    for (const n of [1, 2, 3]) {
      expect(new Set(once[`bn${n}/gamma`])).toEqual(new Set([1]));
      expect(new Set(once[`bn${n}/beta`])).toEqual(new Set([0]));
    }
    const flat = initializeParameters(statistics, Random.fromSeed(1));
    for (const [name, { values }] of Object.entries(nameParameters(flat, statistics))) {
      expect(new Set(values), name).toEqual(new Set([name.endsWith('/mean') ? 0 : 1]));
    }
  });

  it('are other ones for another seed, and the same for the same', () => {
    expect(draw(1)['conv1/kernel']).toEqual(once['conv1/kernel']);
    expect(draw(2)['conv1/kernel']).not.toEqual(once['conv1/kernel']);
  });
});

describe('a flat vector', () => {
  const constant = { kind: 'constant', value: 0 } as const;
  const specs: ParameterSpec[] = [
    { name: 'a', shape: [2, 2], initial: constant },
    { name: 'b', shape: [3], initial: constant },
    { name: 'c', shape: [], initial: constant },
  ];
  const flat = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);

  it('is as long as its tensors together', () => {
    expect(totalSize(specs)).toBe(8);
  });

  it('is cut in the order of its specs, for computing and for files', () => {
    const weights = splitParameters(tf.tensor1d(flat), specs);
    const read = specs.map(({ name }) => [
      weights[name]?.shape,
      [...(weights[name]?.dataSync() ?? [])],
    ]);
    const expected = [
      [
        [2, 2],
        [1, 2, 3, 4],
      ],
      [[3], [5, 6, 7]],
      [[], [8]],
    ];
    expect(read).toEqual(expected);
    const named = nameParameters(flat, specs);
    expect(specs.map(({ name }) => [named[name]?.shape, [...(named[name]?.values ?? [])]])).toEqual(
      expected,
    );
    expect(flattenParameters(named, specs)).toEqual(flat);
  });

  it('is not put together from what does not fit', () => {
    const { b, ...others } = nameParameters(flat, specs);
    const wrong = [
      others,
      { ...others, b: { shape: [2], values: Float32Array.of(5, 6) } },
      { ...others, b: { shape: [3], values: Uint8Array.of(5, 6, 7) } },
    ];
    expect(b?.values).toHaveLength(3);
    for (const named of wrong) {
      expect(() => flattenParameters(named, specs)).toThrow(
        expect.objectContaining({
          code: 'CORRUPT_INPUT',
          message: expect.stringContaining('b is missing') as string,
        }) as Error,
      );
    }
  });
});
