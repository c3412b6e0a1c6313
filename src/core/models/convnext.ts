import { z } from 'zod';
import { field } from '../config/fields.ts';
import type { LayerSpec } from './layers.ts';
import { defineModel } from './model.ts';

/** Sizes of a ConvNeXt. */
export interface ConvnextSizes {
  /** Blocks of each stage. */
  depths: readonly number[];
  /** Channels of each stage. */
  channels: readonly number[];
  /** Side of the patches that the stem takes. */
  patch: number;
  /** How many of the stages behind the first halve the map, the first ones. */
  halvings: number;
  classes: number;
}

/** Patches of `size` pixels a side, or each position by itself. */
const convolution = (name: string, outputs: number, size: number): LayerSpec => ({
  ...{ kind: 'convolution', name, outputs, kernelSize: size, stride: size },
  start: 'narrow',
});

const dense = (name: string, outputs: number): LayerSpec => ({
  ...{ kind: 'dense', name, outputs, start: 'narrow' },
});

const block = (name: string, from: string, channels: number): LayerSpec[] => [
  { kind: 'depthwise', name: `${name}.depthwise`, from, kernelSize: 7 },
  { kind: 'layerNorm', name: `${name}.norm` },
  dense(`${name}.dense1`, 4 * channels),
  { kind: 'gelu', name: `${name}.gelu` },
  { kind: 'responseNorm', name: `${name}.grn` },
  dense(`${name}.dense2`, channels),
  { kind: 'add', name: `${name}.sum`, other: from },
];

/** A stem of patches, stages of blocks with a norm and a convolution between them, pooling, dense. */
export function listConvnextLayers(sizes: ConvnextSizes): LayerSpec[] {
  const { depths, channels, patch, halvings, classes } = sizes;
  const layers: LayerSpec[] = [
    convolution('stem', channels[0] ?? 0, patch),
    { kind: 'layerNorm', name: 'stem.norm' },
  ];
  for (const [stage, outputs] of channels.entries()) {
    const name = `stage${stage + 1}`;
    if (stage > 0) {
      const reduced = convolution(`${name}.reduce`, outputs, stage <= halvings ? 2 : 1);
      layers.push({ kind: 'layerNorm', name: `${name}.norm` }, reduced);
    }
    for (let number = 1; number <= (depths[stage] ?? 0); number += 1) {
      layers.push(...block(`${name}.${number}`, layers.at(-1)?.name ?? '', outputs));
    }
  }
  return [
    ...layers,
    { kind: 'averagePool', name: 'pool' },
    { kind: 'layerNorm', name: 'norm' },
    dense('dense', classes),
  ];
}

const sizes = {
  mini: { depths: [1, 1, 3, 1], channels: [16, 32, 64, 128] },
  atto: { depths: [2, 2, 6, 2], channels: [40, 80, 160, 320] },
} as const;

export const convnext = defineModel({
  name: 'convnext',
  title: 'ConvNeXt V2',
  description:
    'Blocks of a depthwise convolution of 7 × 7, layer norm and two dense layers with GELU and global response normalisation between them, without stochastic depth. atto has the paper’s depths and channels (2, 2, 6, 2 and 40, 80, 160, 320), mini our own for small images (1, 1, 3, 1 and 16, 32, 64, 128); the sizes of the map are chosen apart. Weights start normal with deviation 0.02, biases at 0.',
  source:
    'Woo et al. 2023, ConvNeXt V2: Co-designing and Scaling ConvNets with Masked Autoencoders',
  fields: {
    size: field(z.enum(['mini', 'atto']), 'mini', {
      title: 'Size',
      description:
        'Depths and channels of the four stages: mini for small images, or the paper’s atto.',
    }),
    patch: field(z.enum(['1', '2', '4']), '2', {
      title: 'Patch',
      unit: 'pixels',
      description:
        'Side of the patches that the first layer takes; the paper’s 4 is for large images. Of 28 pixels the first stage’s map is 28, 14 or 7 wide.',
    }),
    halvings: field(z.number().int().min(0).max(3), 1, {
      title: 'Halvings',
      unit: 'stages',
      description:
        'How many of the three later stages, from the second on, halve the map. The paper’s 3 leave one pixel of 28; 1 leaves a map 7 wide with patches of 2.',
    }),
  },
  targetLayer: ({ size }) => `stage4.${sizes[size].depths[3]}.sum`,
  listLayers: ({ size, patch, halvings }, { classes }) =>
    listConvnextLayers({ ...sizes[size], patch: Number(patch), halvings, classes }),
});
