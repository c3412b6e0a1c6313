import { beforeAll, expect, it } from 'vitest';
import { presets } from '../../../../src/core/config/presets.ts';
import { defaultMask } from '../../../../src/core/metrics/foreground.ts';
import { describeModel } from '../../../../src/core/models/network.ts';
import { Random } from '../../../../src/core/random.ts';
import type { AuditedMethod, AuditRequest } from '../../../../src/core/trust/audit.ts';
import { trustMeasures, trustMeasureNames } from '../../../../src/core/trust/measures.ts';
import { computeAudit } from '../../../../src/main/learning/audit/audit.ts';
import { listRandomised, randomise } from '../../../../src/main/learning/audit/randomised.ts';
import { openWasmEngine } from '../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import type { Engine } from '../../../../src/main/learning/engine/engine.ts';
import { nameParameters, totalSize } from '../../../../src/main/learning/model/parameters.ts';
import type { LongTaskProgress } from '../../../../src/shared/longTask.ts';
import { joinAudits, splitRequest } from '../../../../src/main/workbench/auditShares.ts';
import { makeUntrainedWeights } from '../../../support/untrainedWeights.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openWasmEngine();
});

const [imageSize, classes, count] = [12, 3, 50];
const model = describeModel({ name: 'paper-cnn' }, { imageSize }, classes);

const makeWeights = (seed: number): Uint8Array => makeUntrainedWeights(model, seed);

/** Bright squares of several sizes on a ground that is not even. */
const images = Uint8Array.from({ length: count * imageSize ** 2 }, (_, i) => {
  const [pixel, image] = [i % imageSize ** 2, Math.floor(i / imageSize ** 2)];
  const [y, x] = [Math.floor(pixel / imageSize), pixel % imageSize];
  const inside = Math.max(Math.abs(y - 6), Math.abs(x - 4 - (image % 3))) < 2 + (image % 2);
  return inside ? 200 + ((pixel + image) % 50) : (pixel * 7 + image) % 40;
});

const request: AuditRequest = {
  ...{ model: presets['mnist-c'].model, targetLayer: 'relu2', classes, imageSize, channels: 1 },
  ...{ mean: 0.2, standardDeviation: 0.3, rule: defaultMask, seed: 5 },
  methods: [
    { name: 'gradcam', options: {} },
    { name: 'gradient', options: {} },
    { name: 'gradient-x-input', options: {} },
  ],
  background: new Uint8Array(0),
  exampleIds: Uint32Array.from({ length: count }, (_, i) => 3 * i),
  images,
  epochs: [1, 4].map((epoch) => ({
    ...{ epoch, weights: makeWeights(epoch) },
    targets: Uint32Array.from({ length: count }, (_, i) => i % classes),
  })),
};

let audited: AuditedMethod[];
let told: LongTaskProgress[];
beforeAll(() => {
  told = [];
  audited = computeAudit(engine, request, (progress) => {
    told.push(progress);
  });
}, 60_000);

const columnOf = (epoch: number, method: string, name: string): Float32Array => {
  const one = audited.find((each) => each.epoch === epoch && each.method === method);
  return one?.columns[name] ?? new Float32Array(0);
};
const mean = (values: Float32Array): number => {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
};

it('says beforehand how much there is to do, and never goes back on its way there', () => {
  const steps = told.map(({ done }, i) => done - (told[i - 1]?.done ?? 0));
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
  expect(told.at(-1)?.done).toBe(told[0]?.total);
  // Shown or not, an image counts: 48 of 50 are done where the first epoch's second block begins.
  const first = told.findIndex(({ step }) => step === 'Epoch 4, images 1 to 48');
  const share = (told[first - 1]?.done ?? 0) / (told[0]?.total ?? 0);
  expect(share).toBeCloseTo(24 / 50, 2);
});

it('has every measure for what a network made, and for other maps those that need none', () => {
  for (const { method, columns, exampleIds } of audited) {
    expect(exampleIds).toHaveLength(count);
    const missing = trustMeasureNames.filter((name) => columns[name] === undefined);
    const isMade = request.methods.some(({ name }) => name === method);
    const expected = isMade
      ? []
      : trustMeasureNames.filter((name) => trustMeasures[name].ofNetwork);
    expect(missing.toSorted()).toEqual(expected.toSorted());
  }
});

it('keeps to every measure’s range', () => {
  for (const { columns } of audited) {
    for (const name of trustMeasureNames) {
      const [low, high] = trustMeasures[name].range;
      for (const value of columns[name] ?? []) {
        if (Number.isNaN(value)) continue;
        expect(value).toBeGreaterThanOrEqual(low - 1e-5);
        expect(value).toBeLessThanOrEqual(high + 1e-5);
      }
    }
  }
});

it('knows a map that copies the image, and one of noise', () => {
  expect(Math.min(...columnOf(1, 'image', 'inputSimilarity'))).toBeCloseTo(1, 5);
  expect(Math.min(...columnOf(1, 'edges', 'edgeSsim'))).toBeCloseTo(1, 4);
  expect(Math.abs(mean(columnOf(1, 'chance', 'inputSimilarity')))).toBeLessThan(0.05);
  expect(Math.abs(mean(columnOf(1, 'chance', 'energyGain')))).toBeLessThan(0.03);
  expect(mean(columnOf(1, 'image', 'energyGain'))).toBeGreaterThan(0.3);
});

it('maps move where the image does a little, a map of it by about as much', () => {
  for (const method of ['gradcam', 'gradient', 'gradient-x-input']) {
    expect(mean(columnOf(1, method, 'maxSensitivity')), method).toBeGreaterThan(0.01);
  }
});

it('a network that was never trained loses nothing by being randomised anew but its likeness', () => {
  // The first step replaces the last dense layer alone, in cascades as by itself.
  const points = listRandomised(model).length;
  const [cascade, alone] = ['cascade/rank', 'independent/rank'].map((name) =>
    columnOf(1, 'gradient', name),
  ) as [Float32Array, Float32Array];
  for (let i = 0; i < count; i += 1) expect(cascade[i * points]).toBe(alone[i * points]);
  const last = Float32Array.from({ length: count }, (_, i) => cascade[(i + 1) * points - 1] ?? 0);
  expect(columnOf(1, 'gradient', 'cascadeRank')).toEqual(last);
});

it('epochs are stable against the one before, the first against none', () => {
  expect(columnOf(1, 'gradcam', 'stability').every(Number.isNaN)).toBe(true);
  expect(Math.abs(mean(columnOf(4, 'gradcam', 'stability')))).toBeLessThan(1);
});

it('shares of the images give what all together give, to the bit', () => {
  const shares = splitRequest(request, 2);
  expect(shares.map(({ exampleIds }) => exampleIds.length)).toEqual([25, 25]);
  const joined = joinAudits(shares.map((share) => computeAudit(engine, share)));
  expect(joined).toEqual(audited);
});

it('randomises layers from the output down with their norms, one more at a time or one alone', () => {
  expect(listRandomised(model)).toEqual(['dense2', 'dense1', 'conv3', 'conv2', 'conv1']);
  const sizes = [model.parameters, model.statistics].map(totalSize);
  const state = sizes.map((size) => new Float32Array(size).fill(9));
  const { cascade, independent } = randomise(model, state, Random.fromSeed(1));
  const kept = (values: readonly Float32Array[], specs: typeof model.parameters): string[] =>
    Object.entries(
      nameParameters(values[specs === model.parameters ? 0 : 1] as Float32Array, specs),
    )
      .filter(([, { values: own }]) => Array.from(own).every((value) => value === 9))
      .map(([name]) => name);
  expect(kept(independent[2] ?? [], model.parameters)).not.toContain('conv3/kernel');
  expect(kept(independent[2] ?? [], model.parameters)).not.toContain('bn3/gamma');
  expect(kept(independent[2] ?? [], model.statistics)).toEqual([
    ...['bn1/mean', 'bn1/variance', 'bn2/mean', 'bn2/variance'],
  ]);
  expect(kept(independent[2] ?? [], model.parameters)).toHaveLength(model.parameters.length - 4);
  expect(kept(cascade[2] ?? [], model.parameters)).toHaveLength(model.parameters.length - 8);
  expect(kept(cascade.at(-1) ?? [], model.parameters)).toEqual([]);
});

it('deep networks are randomised in ten groups', () => {
  const deep = describeModel({ name: 'resnet', depth: '20' } as never, { imageSize: 16 }, 10);
  const names = listRandomised(deep);
  expect(names).toHaveLength(10);
  expect(names.some((name) => name.includes('–'))).toBe(true);
});
