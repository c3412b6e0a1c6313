import { describe, expect, it } from 'vitest';
import { runConfigSchema } from '../../../src/core/config/runConfig.ts';
import { findSetting } from '../../../src/core/config/settings.ts';
import {
  changeSetting,
  settingAt,
  settingsOf,
  whyUnused,
} from '../../../src/core/config/settingValues.ts';
import { placeLayers } from '../../../src/core/models/layers.ts';
import {
  defaultTargetLayer,
  describeModel,
  listTargetLayers,
  mapSizeOf,
} from '../../../src/core/models/network.ts';
import { summarizeModel } from '../../../src/core/models/summary.ts';

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

  it('can be explained at what its blocks consist of but the norms, as the configuration says', () => {
    const targets = [1, 2, 3].flatMap((n) => [`conv${n}`, `relu${n}`, `pool${n}`]);
    expect(listTargetLayers({ name: 'paper-cnn' })).toEqual(targets);
    const config = runConfigSchema.parse({});
    expect(settingAt(config, 'cam.targetLayer')).toMatchObject({ choices: targets });
  });

  it.each([
    [3, 7, [3, 3, 128]],
    [2, 7, [7, 7, 128]],
    [1, 14, [14, 14, 128]],
    [0, 28, [28, 28, 128]],
  ])('with %i poolings has a last map %i wide and flattens %j', (pooling, width, flattened) => {
    const network = describeModel({ name: 'paper-cnn', pooling }, { imageSize: 28 }, 10);
    expect(mapSizeOf(network, 'relu3')).toBe(width);
    const { input } = network.layers.find(({ spec }) => spec.kind === 'flatten') ?? {};
    expect(input).toEqual(flattened);
  });
});

describe('resnet', () => {
  // The paper's 0.27 M of ResNet-20; the others follow from 97,216 for a block more in each stage.
  // ResNet-18 is torchvision's with another stem: 11,173,962 at 3 channels and 10 classes.
  it.each([
    ['8', 75_290, 12_239_488],
    ['14', 172_506, 26_395_264],
    ['20', 269_722, 40_551_040],
    ['18', 11_173_962, 555_422_720],
  ] as const)('of depth %s has %i parameters', (depth, parameters, macs) => {
    const images = { imageSize: 32, channels: 3 };
    const summary = summarizeModel({ name: 'resnet', depth }, images, 10);
    expect(summary.parameters).toBe(parameters);
    expect(summary.macs).toBe(macs);
  });

  it('starts with convolutions by fan-out, without a bias', () => {
    const { parameters } = describeModel({ name: 'resnet' }, { imageSize: 28 }, 10);
    expect(parameters.filter(({ name }) => name.endsWith('bias'))).toHaveLength(1);
    const kernel = parameters.find(({ name }) => name === 'stage2.1.conv1/kernel');
    const deviation = Math.sqrt(2 / (9 * 32));
    expect(kernel).toMatchObject({ shape: [3, 3, 16, 32], initial: { kind: 'normal', deviation } });
  });

  it.each([
    ['8', 'stage3.1.relu2', 7],
    ['20', 'stage3.3.relu2', 7],
    ['18', 'stage4.2.relu2', 4],
  ] as const)('of depth %s is explained behind its last block', (depth, target, size) => {
    const network = describeModel({ name: 'resnet', depth }, { imageSize: 28 }, 10);
    expect(defaultTargetLayer({ name: 'resnet', depth })).toBe(target);
    expect(mapSizeOf(network, target)).toBe(size);
  });

  it('is explained at layers that every configuration of it may name', () => {
    const all = findSetting('cam.targetLayer');
    for (const depth of ['8', '14', '20', '18'] as const) {
      const own = listTargetLayers({ name: 'resnet', depth });
      expect(own).toContain('stage2.1.relu1');
      expect(own.every((layer) => all.accepts(layer))).toBe(true);
    }
  });

  it('takes its own layer where another model or depth has not the one before', () => {
    const config = changeSetting(runConfigSchema.parse({}), 'model', 'resnet');
    expect(config.cam.targetLayer).toBe('stage3.3.relu2');
    const early = changeSetting(config, 'cam.targetLayer', 'stage2.1.conv2');
    const shallow = changeSetting(config, 'model.depth', '8');
    expect(shallow.cam.targetLayer).toBe('stage3.1.relu2');
    expect(changeSetting(early, 'model.depth', '8').cam.targetLayer).toBe('stage2.1.conv2');
  });
});

describe('a layer', () => {
  it('follows one that stands before it and adds only what has its shape', () => {
    const conv = { kind: 'convolution', name: 'a', outputs: 2 } as const;
    const early = { kind: 'relu', name: 'r', from: 'b' } as const;
    expect(() => placeLayers([conv, early], [4, 4, 1])).toThrow(/r follows b/);
    const pool = { kind: 'maxPool', name: 'p' } as const;
    const sum = { kind: 'add', name: 's', other: 'a' } as const;
    expect(() => placeLayers([conv, pool, sum], [4, 4, 1])).toThrow(
      /s adds \[4,4,2\] to \[2,2,2\]/,
    );
    const [, , placed] = placeLayers(
      [conv, { ...pool, from: 'a' }, { ...sum, from: 'a' }],
      [4, 4, 1],
    );
    expect(placed).toMatchObject({ sources: [0, 0], output: [4, 4, 2], otherOperations: 32 });
  });
});

describe('swin', () => {
  it('has maps of its tokens, 14 and 7 wide, and windows no larger than they are', () => {
    const network = describeModel({ name: 'swin' }, { imageSize: 28 }, 10);
    expect(mapSizeOf(network, 'stage1.2.sum2')).toBe(14);
    expect(mapSizeOf(network, defaultTargetLayer({ name: 'swin' }))).toBe(7);
    const windows = network.layers.flatMap(({ spec }) =>
      spec.kind === 'windowAttention' ? [[spec.window, spec.shift]] : [],
    );
    expect(windows).toEqual([
      ...[
        [7, 0],
        [7, 3],
      ],
      // One window holds the whole map: there is nothing to shift.
      ...[
        [7, 0],
        [7, 0],
      ],
    ]);
  });

  it('counts the weights of a block and of what merges patches, by hand', () => {
    const { layers } = summarizeModel({ name: 'swin' }, { imageSize: 28 }, 10);
    const costOf = (name: string) => layers.find((layer) => layer.name === name);
    expect(costOf('stage1.1.attention')).toMatchObject({
      parameters: 32 * 96 + 96 + 32 * 32 + 32 + 13 ** 2 * 2,
      macs: 4 * 196 * 32 ** 2 + 2 * 196 * 49 * 32,
    });
    // Four positions side by side, and no bias.
    expect(costOf('stage2.reduce')).toMatchObject({ parameters: 128 * 64, macs: 49 * 128 * 64 });
  });
});

describe('protopnet', () => {
  it('has the layers of its backbone as far as its map, and a head of prototypes', () => {
    const choice = { name: 'protopnet', prototypesPerClass: 4, prototypeChannels: 16 } as const;
    const { layers, parameters, statistics, features } = describeModel(
      choice,
      { imageSize: 28 },
      10,
    );
    const names = layers.map(({ spec }) => spec.name);
    expect(names.slice(-9)).toEqual([
      ...['relu3', 'addOn1', 'addOn1.relu', 'addOn2', 'addOn2.sigmoid'],
      ...['prototypes', 'nearest', 'similarity', 'dense'],
    ]);
    expect(mapSizeOf(describeModel(choice, { imageSize: 28 }, 10), 'addOn2.sigmoid')).toBe(7);
    const shapes = Object.fromEntries(parameters.map(({ name, shape }) => [name, shape]));
    expect(shapes['prototypes/vectors']).toEqual([40, 16]);
    expect(shapes['dense/kernel']).toEqual([40, 10]);
    expect(names).not.toContain('dense1');
    expect(statistics.at(-1)).toMatchObject({ name: 'prototypes/source', shape: [40, 4] });
    // No dropout.
    expect(features).toBe(0);
  });

  it.each([
    [{ name: 'protopnet', backbone: 'paper-cnn', paperCnnPooling: 1 }, 'relu3', 14],
    [{ name: 'protopnet', backbone: 'resnet', resnetDepth: '8' }, 'stage3.1.relu2', 7],
    [{ name: 'protopnet', backbone: 'convnext', convnextPatch: '1' }, 'stage4.1.sum', 14],
    [{ name: 'protopnet', backbone: 'swin', swinPatch: '4' }, 'stage2.2.sum2', 4],
  ] as const)('%j has a map of %s, %i wide', (choice, layer, size) => {
    const network = describeModel(choice, { imageSize: 28 }, 3);
    expect(defaultTargetLayer(choice)).toBe(layer);
    expect(mapSizeOf(network, layer)).toBe(size);
    expect(network.layers.at(-4)?.output).toEqual([size, size, 15]);
  });

  it('leaves alone what belongs to another backbone, and takes each’s layers as targets', () => {
    const config = changeSetting(runConfigSchema.parse({}), 'model', 'protopnet');
    const unusedOf = (backbone: string): string[] => {
      const changed = changeSetting(config, 'model.backbone', backbone);
      return settingsOf(changed)
        .filter((setting) => whyUnused(setting, changed) !== '')
        .map(({ path }) => path)
        .filter((path) => path.startsWith('model.'));
    };
    expect(unusedOf('resnet')).toEqual([
      ...['model.paperCnnPooling', 'model.convnextSize', 'model.convnextPatch'],
      ...['model.convnextHalvings', 'model.swinPatch', 'model.swinWindow', 'model.swinChannels'],
    ]);
    const swin = changeSetting(config, 'model.backbone', 'swin');
    expect(swin.cam.targetLayer).toBe('stage2.2.sum2');
    const deep = { name: 'protopnet', backbone: 'resnet', resnetDepth: '18' } as const;
    expect(findSetting('cam.targetLayer')).toMatchObject({
      choices: expect.arrayContaining([...listTargetLayers(deep)]) as unknown,
    });
  });

  it('counts a subtraction beside each multiplication of a distance', () => {
    const { layers } = summarizeModel({ name: 'protopnet' }, { imageSize: 28 }, 10);
    const of = (name: string) => layers.find((layer) => layer.name === name);
    expect(of('prototypes')).toMatchObject({
      ...{ parameters: 50 * 32, macs: 49 * 50 * 32, otherOperations: 49 * 50 * 32 },
    });
    expect(of('dense')).toMatchObject({ parameters: 500, macs: 500 });
  });
});
