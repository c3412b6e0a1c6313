import { describe, expect, it } from 'vitest';
import { presets } from '../../../src/core/config/presets.ts';
import { upgradeRunConfig } from '../../../src/core/config/upgrade.ts';

/** As version 1 stored every run: one object, whatever the run had a use for. */
const flat = {
  ...{ dataset: 'digits', trainExamples: 600, testExamples: null, testFraction: 0.5 },
  ...{ validationFraction: 0.2, splitSeed: 3, model: 'paper-cnn', dropout: 0.25 },
  ...{ paradigm: 'R', camWeight: 0.5, distanceReduction: 'mean', pairing: 'inBatch', margin: 2 },
  ...{ camGradient: 'full', targetLayer: 'conv2', optimizer: 'sgd', learningRate: 0.01 },
  ...{ momentum: 0.8, schedule: 'plateau', scheduleEpochs: 4, scheduleFactor: 0.1 },
  ...{ batchSize: 32, epochs: 7, patience: null, lowConfidenceThreshold: 0.7 },
};

describe('a configuration of version 1', () => {
  it('keeps what its run had', () => {
    expect(upgradeRunConfig(flat)).toEqual({
      version: 2,
      data: {
        ...{
          dataset: 'digits',
          permuteLabels: 'none',
          trainExamples: 600,
          testExamples: null,
          testFraction: 0.5,
        },
        ...{ validationFraction: 0.2, splitSeed: 3 },
      },
      model: { name: 'paper-cnn', dropout: 0.25, pooling: 3 },
      cam: { ...presets['mnist-r'].cam, targetLayer: 'conv2', gradient: 'full' },
      objective: {
        contrastive: { weight: 0.5, distanceReduction: 'mean', pairing: 'inBatch', margin: 2 },
      },
      optimizer: { name: 'sgd', learningRate: 0.01, momentum: 0.8 },
      schedule: { name: 'plateau', patience: 4, factor: 0.1 },
      training: { batchSize: 32, epochs: 7, patience: null },
      evaluation: { lowConfidenceThreshold: 0.7 },
    });
    const stepped = upgradeRunConfig({ ...flat, schedule: 'step' });
    expect(stepped.schedule).toEqual({ name: 'step', epochs: 4, factor: 0.1 });
  });

  it('loses what its run had no use for', () => {
    const plain = { ...flat, paradigm: 'C', optimizer: 'rmsprop', schedule: 'cosine' };
    expect(upgradeRunConfig(plain)).toMatchObject({
      objective: {},
      optimizer: { name: 'rmsprop', learningRate: 0.01 },
      schedule: { name: 'cosine' },
    });
    const other = { ...plain, camWeight: 9, margin: 0, momentum: 0, scheduleFactor: 0.9 };
    expect(upgradeRunConfig(other)).toEqual(upgradeRunConfig(plain));
  });

  it('keeps a weight of 0: the term is computed, and weighs nothing', () => {
    expect(upgradeRunConfig({ ...flat, camWeight: 0 }).objective.contrastive?.weight).toBe(0);
  });
});

describe('a configuration of this version', () => {
  it.each(Object.values(presets))('stays as it is', (preset) => {
    expect(upgradeRunConfig(JSON.parse(JSON.stringify(preset)))).toEqual(preset);
  });

  it('takes defaults for what was not there when it was stored, in the one order of keys', () => {
    const { evaluation, optimizer, ...older } = presets['mnist-r'];
    const turned = { optimizer: { name: optimizer.name }, ...older };
    expect(JSON.stringify(upgradeRunConfig(turned))).toBe(JSON.stringify(presets['mnist-r']));
    expect(evaluation).toEqual({ lowConfidenceThreshold: 0.6 });
  });
});

describe('refuses', () => {
  it('what later code wrote, in one line', () => {
    const later = { ...presets['mnist-c'], version: 3 };
    expect(() => upgradeRunConfig(later)).toThrow(
      expect.objectContaining({
        code: 'NEWER_VERSION',
        message: expect.stringMatching(/has version 3; .* reads up to 2/) as string,
      }) as Error,
    );
  });

  it.each([
    [null, /it is no object/],
    [{ ...presets['mnist-c'], optimizer: { name: 'lion' } }, /optimizer/],
    [{ ...presets['mnist-c'], objective: { sharpness: {} } }, /objective: .*sharpness/],
    [{ ...flat, dropout: 2 }, /model\.dropout/],
    [{ ...flat, targetLayer: 'relu7' }, /cam\.targetLayer/],
  ])('%j', (stored, message) => {
    expect(() => upgradeRunConfig(stored)).toThrow(
      expect.objectContaining({
        code: 'CORRUPT_HISTORY',
        message: expect.stringMatching(message) as string,
      }) as Error,
    );
  });
});
