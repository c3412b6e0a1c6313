import { describe, expect, it } from 'vitest';
import { findSetting } from '../../../src/core/config/settings.ts';
import { describeModel, listTargetLayers } from '../../../src/core/models/network.ts';

describe('paper-cnn', () => {
  const { parameters, statistics, features, classes, layers } = describeModel(
    { name: 'paper-cnn' },
    { imageSize: 28 },
    7,
  );

  it('has its tensors in the order in which weights are kept', () => {
    const block = (n: number): string[] =>
      ['kernel', 'bias'].map((part) => `conv${n}/${part}`).concat(`bn${n}/gamma`, `bn${n}/beta`);
    expect(parameters.map(({ name }) => name)).toEqual([
      ...[1, 2, 3].flatMap(block),
      ...['dense1/kernel', 'dense1/bias', 'dense2/kernel', 'dense2/bias'],
    ]);
    expect(statistics.map(({ name, layer, moment }) => [name, layer, moment])).toEqual(
      [1, 2, 3].flatMap((n) => [
        [`bn${n}/mean`, `bn${n}`, 'mean'],
        [`bn${n}/variance`, `bn${n}`, 'variance'],
      ]),
    );
  });

  it('starts as PyTorch does: uniform by fan-in, norms at one and zero', () => {
    const initial = Object.fromEntries(parameters.map((one) => [one.name, one.initial]));
    const uniform = (fanIn: number) => ({ kind: 'uniform', bound: 1 / Math.sqrt(fanIn) });
    expect(initial).toMatchObject({
      'conv1/kernel': uniform(9),
      'conv1/bias': uniform(9),
      'conv3/kernel': uniform(9 * 64),
      'dense1/bias': uniform(1152),
      'dense2/kernel': uniform(256),
      'bn2/gamma': { kind: 'constant', value: 1 },
      'bn2/beta': { kind: 'constant', value: 0 },
    });
    expect(statistics.map(({ initial: { kind, ...rest } }) => [kind, rest])).toEqual(
      [1, 2, 3].flatMap(() => [
        ['constant', { value: 0 }],
        ['constant', { value: 1 }],
      ]),
    );
  });

  it('pools 28 to 14, 7 and 3, and drops out on what is left', () => {
    const pools = layers.filter(({ spec }) => spec.kind === 'maxPool');
    expect(pools.map(({ output }) => output)).toEqual([
      [14, 14, 32],
      [7, 7, 64],
      [3, 3, 128],
    ]);
    expect([features, classes]).toEqual([3 * 3 * 128, 7]);
  });

  it('can be explained at its convolutions and the ReLUs behind them, as the configuration says', () => {
    const targets = ['conv1', 'relu1', 'conv2', 'relu2', 'conv3', 'relu3'];
    expect(listTargetLayers({ name: 'paper-cnn' })).toEqual(targets);
    expect(findSetting('cam.targetLayer')).toMatchObject({ choices: targets });
  });
});
