import { z } from 'zod';
import { field } from '../config/fields.ts';
import type { LayerSpec } from './layers.ts';
import { defineModel } from './model.ts';

/** Sizes of a residual network of basic blocks. */
export interface ResnetSizes {
  /** Output channels of each stage; all but the first begin with a stride of 2. */
  channels: readonly number[];
  blocksPerStage: number;
  /** How a skip connection fits where sizes change: zeros (A) or a convolution of 1 x 1 (B). */
  shortcut: 'A' | 'B';
  classes: number;
}

/** Without a bias, since a batch norm follows. */
const convolution = (name: string, outputs: number, stride = 1, kernelSize = 3): LayerSpec => ({
  ...{ kind: 'convolution', name, outputs, stride, kernelSize },
  ...{ bias: false, start: 'he' },
});

/** The skip connection of a block that halves the size, beginning at layer `from`. */
const shortcutLayers = (
  name: string,
  from: string,
  outputs: number,
  kind: ResnetSizes['shortcut'],
): LayerSpec[] =>
  kind === 'A'
    ? [{ kind: 'shrink', name: `${name}.shortcut`, from, outputs }]
    : [
        { ...convolution(`${name}.shortcut`, outputs, 2, 1), from },
        { kind: 'batchNorm', name: `${name}.shortcutNorm` },
      ];

/** Two convolutions and what they add to: `from`, or where the block halves the size its shortcut. */
function block(
  name: string,
  from: string,
  outputs: number,
  shrinks: ResnetSizes['shortcut'] | null,
): LayerSpec[] {
  const skip = shrinks === null ? [] : shortcutLayers(name, from, outputs, shrinks);
  const main = { ...convolution(`${name}.conv1`, outputs, shrinks === null ? 1 : 2), from };
  return [
    ...skip,
    main,
    { kind: 'batchNorm', name: `${name}.bn1` },
    { kind: 'relu', name: `${name}.relu1` },
    convolution(`${name}.conv2`, outputs),
    { kind: 'batchNorm', name: `${name}.bn2` },
    { kind: 'add', name: `${name}.sum`, other: skip.at(-1)?.name ?? from },
    { kind: 'relu', name: `${name}.relu2` },
  ];
}

const blockName = (stage: number, number: number): string => `stage${stage + 1}.${number + 1}`;

/** A stem of 3 x 3, stages of basic blocks, global average pooling and a dense layer. */
export function listResnetLayers(sizes: ResnetSizes): LayerSpec[] {
  const { channels, blocksPerStage, shortcut, classes } = sizes;
  const layers: LayerSpec[] = [
    convolution('stem', channels[0] ?? 0),
    { kind: 'batchNorm', name: 'stem.bn' },
    { kind: 'relu', name: 'stem.relu' },
  ];
  for (const [stage, outputs] of channels.entries()) {
    for (let number = 0; number < blocksPerStage; number += 1) {
      const from = layers.at(-1)?.name ?? '';
      const shrinks = stage > 0 && number === 0 ? shortcut : null;
      layers.push(...block(blockName(stage, number), from, outputs, shrinks));
    }
  }
  return [
    ...layers,
    { kind: 'averagePool', name: 'pool' },
    { kind: 'dense', name: 'dense', outputs: classes },
  ];
}

type Depth = '8' | '14' | '20' | '18';

const sizesOf = (depth: Depth): Omit<ResnetSizes, 'classes'> =>
  depth === '18'
    ? { channels: [64, 128, 256, 512], blocksPerStage: 2, shortcut: 'B' }
    : { channels: [16, 32, 64], blocksPerStage: (Number(depth) - 2) / 6, shortcut: 'A' };

export const resnet = defineModel({
  name: 'resnet',
  title: 'ResNet',
  description:
    'Residual network of basic blocks. Depths 8, 14 and 20 are the form for small images: 16, 32 and 64 channels, skip connections without weights (option A). Depth 18 is the form for ImageNet, 64 to 512 channels and convolutions of 1 × 1 on the skip connections (option B), with a stem of 3 × 3 and no pooling behind it, for images of some 32 pixels. Convolutions start normal with deviation √(2 / (9 · outputs)).',
  source: 'He, Zhang, Ren and Sun 2016, Deep Residual Learning for Image Recognition',
  fields: {
    depth: field(z.enum(['8', '14', '20', '18']), '20', {
      title: 'Depth',
      unit: 'layers',
      description: 'Layers with weights: 8, 14 and 20 in three stages, 18 in four wider ones.',
    }),
  },
  targetLayer: ({ depth }) => {
    const { channels, blocksPerStage } = sizesOf(depth);
    return `${blockName(channels.length - 1, blocksPerStage - 1)}.relu2`;
  },
  listLayers: ({ depth }, { classes }) => listResnetLayers({ ...sizesOf(depth), classes }),
});
