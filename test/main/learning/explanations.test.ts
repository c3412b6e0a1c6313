import { beforeAll, expect, it } from 'vitest';
import { presets } from '../../../src/core/config/presets.ts';
import { readOptions } from '../../../src/core/explainers/options.ts';
import { decodeSafetensors } from '../../../src/core/formats/safetensors.ts';
import { Random } from '../../../src/core/random.ts';
import { openExplainable } from '../../../src/main/learning/explainers/explainable.ts';
import { explainBy } from '../../../src/main/learning/explainers/registry.ts';
import { flattenParameters } from '../../../src/main/learning/model/parameters.ts';
import type { ExplanationsRequest } from '../../../src/core/explainers/explanation.ts';
import { describeModel } from '../../../src/core/models/network.ts';
import type { Engine } from '../../../src/main/learning/engine/engine.ts';
import { openWasmEngine } from '../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { createExplaining, type Explaining } from '../../../src/main/learning/explanations.ts';
import type { LongTaskProgress } from '../../../src/shared/longTask.ts';
import { makeUntrainedWeights } from '../../support/untrainedWeights.ts';

let engine: Engine;
let explaining: Explaining;
beforeAll(async () => {
  engine = await openWasmEngine();
  explaining = createExplaining(engine);
});

const [imageSize, classes] = [8, 3];
const { model } = presets['mnist-c'];
const network = {
  ...{ model, targetLayer: 'relu2', classes, imageSize, channels: 1 as const },
  ...{ mean: 0.2, standardDeviation: 0.3 },
};
const weightsOf = (seed: number): Uint8Array =>
  makeUntrainedWeights(describeModel(model, { imageSize }, classes), seed);
const image = Uint8Array.from({ length: imageSize ** 2 }, (_, i) => (i * 37) % 256);
const epochOf = (
  epoch: number,
  seed: number,
  methods: ExplanationsRequest['epochs'][number]['methods'],
) => ({ epoch, targetClass: 1, weights: weightsOf(seed), methods });
const requestOf = (...epochs: ExplanationsRequest['epochs']): ExplanationsRequest => ({
  ...network,
  ...{ image, background: new Uint8Array(0), seed: 5, epochs },
});
const gradcam = { name: 'gradcam', options: {} } as const;
const rise = { name: 'rise', options: { samples: 60 } } as const;

/** The maps of a request, and what it told on its way. */
function explain(request: ExplanationsRequest, by = explaining) {
  const told: LongTaskProgress[] = [];
  const outcomes = by.explain(request, (progress) => told.push(progress));
  const maps = outcomes.map((outcome) => ('map' in outcome ? [...outcome.map] : outcome.problem));
  return { outcomes, maps, told };
}

it('explains each epoch by its own weights and its own methods, in the order asked', () => {
  const { outcomes, maps, told } = explain(
    requestOf(epochOf(0, 1, [gradcam, rise]), epochOf(4, 2, [gradcam]), epochOf(7, 1, [rise])),
  );
  expect(outcomes.map(({ method, epoch, targetClass }) => [method, epoch, targetClass])).toEqual([
    ['gradcam', 0, 1],
    ['rise', 0, 1],
    ['gradcam', 4, 1],
    ['rise', 7, 1],
  ]);
  for (const map of maps) expect(map).toHaveLength(imageSize ** 2);
  expect(maps[2]).not.toEqual(maps[0]);
  // The same weights, image and seed: what is drawn at random is drawn anew.
  expect(maps[3]).toEqual(maps[1]);
  expect(outcomes[1]).toMatchObject({ options: { samples: 60 }, likeness: null });

  const { total } = told[0] ?? {};
  expect(told.map((progress) => progress.total)).toEqual(told.map(() => total));
  expect(told.at(-1)?.done).toBe(total);
  const done = told.map((progress) => progress.done);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect([...new Set(told.map(({ step }) => step))]).toEqual([
    expect.stringMatching(/^Grad-CAM, epoch 0$/),
    expect.stringMatching(/, epoch 0$/),
    expect.stringMatching(/^Grad-CAM, epoch 4$/),
    expect.stringMatching(/, epoch 7$/),
  ]);
});

it('sees values from 0 to 1, normalised as the data set’s', () => {
  const described = describeModel(model, { imageSize }, classes);
  const { tensors } = decodeSafetensors(weightsOf(3), 'weights');
  const opened = openExplainable({
    ...{ engine, model: described, targetLayer: 'relu2' },
    normalization: { mean: 0.2, standardDeviation: 0.3 },
  });
  opened.setWeights(
    [described.parameters, described.statistics].map((specs) => flattenParameters(tensors, specs)),
  );
  const shares = Float32Array.from(image, (level) => level / 255);
  const question = {
    ...{ image: shares, background: new Float32Array(0), targetClass: 1 },
    ...{ random: Random.fromSeed(5), tell: () => undefined },
  };
  const expected = explainBy.gradcam(opened.explainable, question, readOptions('gradcam', {}));
  const weighed = opened.explainable.channelRelevance(shares, [1], 'epsilon');
  opened.close();
  expect(Math.max(...expected)).toBeGreaterThan(0);
  expect(explain(requestOf(epochOf(0, 3, [gradcam]))).maps).toEqual([[...expected]]);
  const { weights } = epochOf(0, 3, []);
  const asked = { ...network, images: image, targets: Uint8Array.of(1), weights };
  expect(explaining.weighChannels({ ...asked, rule: 'epsilon' })).toEqual(weighed);
});

it('depends on the seed, the class, the layer and the normalisation, not on what was asked before', () => {
  const request = requestOf(epochOf(0, 1, [rise, gradcam]));
  const [plain] = [explain(request, createExplaining(engine)).maps];
  const [epoch] = request.epochs;
  if (epoch === undefined) throw new Error('there is one');
  const others: ExplanationsRequest[] = [
    { ...request, seed: 6 },
    { ...request, epochs: [{ ...epoch, targetClass: 2 }] },
    { ...request, targetLayer: 'relu1' },
    { ...request, mean: 0.5 },
    { ...request, standardDeviation: 0.1 },
    { ...request, image: image.toReversed() },
  ];
  for (const other of others) {
    const { maps } = explain(other);
    expect(maps).not.toEqual(plain);
    expect(explain(request).maps).toEqual(plain);
    expect(maps).toEqual(explain(other, createExplaining(engine)).maps);
  }
});

it('says why a method gives no map, and goes on; what is no mistake of a user’s is thrown', () => {
  const prototype = { name: 'prototype', options: {} } as const;
  const { outcomes, maps } = explain(requestOf(epochOf(2, 1, [prototype, gradcam])));
  expect(outcomes[0]).toMatchObject({
    ...{ method: 'prototype', epoch: 2, problem: { code: expect.any(String) as string } },
  });
  expect(outcomes[0]).not.toHaveProperty('map');
  expect(maps[1]).toHaveLength(imageSize ** 2);
  const short = { ...requestOf(epochOf(0, 1, [gradcam])), image: 'none' as unknown as Uint8Array };
  expect(() => explain(short)).toThrow();
  const other = makeUntrainedWeights(describeModel(model, { imageSize }, classes + 1), 1);
  expect(() => explain(requestOf({ ...epochOf(0, 1, [gradcam]), weights: other }))).toThrow(
    expect.objectContaining({ code: 'CORRUPT_INPUT' }) as Error,
  );
  const cut = { ...epochOf(0, 1, [gradcam]), weights: weightsOf(1).subarray(0, 7) };
  expect(() => explain(requestOf(cut))).toThrow('the weights of an epoch');
});

it('weighs channels image by image, more than are seen at once, and tells how far it is', () => {
  const count = 50;
  const images = Uint8Array.from({ length: count * imageSize ** 2 }, (_, i) => (i * 29) % 251);
  const targets = Uint8Array.from({ length: count }, (_, i) => i % classes);
  const request = { ...network, images, targets, rule: 'epsilon', weights: weightsOf(1) } as const;
  const told: LongTaskProgress[] = [];
  const all = explaining.weighChannels(request, (progress) => told.push(progress));
  const channels = all.length / count;
  expect(Number.isInteger(channels)).toBe(true);
  for (const i of [0, 1, 47, 48, 49]) {
    const one = explaining.weighChannels({
      ...request,
      images: images.slice(i * imageSize ** 2, (i + 1) * imageSize ** 2),
      targets: targets.slice(i, i + 1),
    });
    expect(one).toHaveLength(channels);
    const row = all.subarray(i * channels, (i + 1) * channels);
    one.forEach((value, channel) => {
      expect(row[channel]).toBeCloseTo(value, 5);
    });
  }
  expect(told).toEqual(
    [48, 50].map((done) => ({ step: 'Relevance of channels', done, total: 50 })),
  );
  const others = explaining.weighChannels({ ...request, weights: weightsOf(2) });
  expect(others).not.toEqual(all);
});
