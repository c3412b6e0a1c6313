import { z } from 'zod';
import { field } from '../config/fields.ts';
import type { LayerSpec } from './layers.ts';
import { defineModel } from './model.ts';

/** Sizes of a Swin transformer. */
export interface SwinSizes {
  /** Blocks of each stage; every second one shifts its windows. */
  depths: readonly number[];
  /** Channels of the first stage; each later one has twice as many at half the size. */
  channels: number;
  /** Heads of each stage's attention. */
  heads: readonly number[];
  /** Side of the patches that become tokens. */
  patch: number;
  /** Side of a window, in tokens. */
  window: number;
  classes: number;
  imageSize: number;
}

const dense = (name: string, outputs: number): LayerSpec => ({
  ...{ kind: 'dense', name, outputs, start: 'narrow' },
});

function block(
  name: string,
  from: string,
  channels: number,
  attention: { heads: number; window: number; shift: number },
): LayerSpec[] {
  return [
    { kind: 'layerNorm', name: `${name}.norm1`, from },
    { kind: 'windowAttention', name: `${name}.attention`, ...attention },
    { kind: 'add', name: `${name}.sum1`, other: from },
    { kind: 'layerNorm', name: `${name}.norm2` },
    dense(`${name}.dense1`, 4 * channels),
    { kind: 'gelu', name: `${name}.gelu` },
    dense(`${name}.dense2`, channels),
    { kind: 'add', name: `${name}.sum2`, other: `${name}.sum1` },
  ];
}

/**
 * Patches as tokens, stages of blocks with merged patches between them, norm, pooling, dense. A window as
 * large as the map is not shifted; a map that no window divides is filled with zeros.
 */
export function listSwinLayers(sizes: SwinSizes): LayerSpec[] {
  const { depths, channels, heads, patch, classes, imageSize } = sizes;
  const stem = { kind: 'convolution', name: 'stem', kernelSize: patch, stride: patch } as const;
  const layers: LayerSpec[] = [
    { ...stem, outputs: channels, start: 'narrow' },
    { kind: 'layerNorm', name: 'stem.norm' },
  ];
  let mapSize = Math.floor(imageSize / patch);
  for (const [stage, depth] of depths.entries()) {
    const [name, width] = [`stage${stage + 1}`, channels * 2 ** stage];
    if (stage > 0) {
      mapSize = Math.ceil(mapSize / 2);
      layers.push(
        { kind: 'mergePatches', name: `${name}.merge` },
        { kind: 'layerNorm', name: `${name}.norm` },
        { kind: 'dense', name: `${name}.reduce`, outputs: width, start: 'narrow', bias: false },
      );
    }
    const window = Math.min(sizes.window, mapSize);
    for (let number = 0; number < depth; number += 1) {
      const shift = number % 2 === 1 && window < mapSize ? Math.floor(window / 2) : 0;
      const attention = { heads: heads[stage] ?? 1, window, shift };
      const from = layers.at(-1)?.name ?? '';
      layers.push(...block(`${name}.${number + 1}`, from, width, attention));
    }
  }
  return [
    ...layers,
    { kind: 'layerNorm', name: 'norm' },
    { kind: 'averagePool', name: 'pool' },
    dense('dense', classes),
  ];
}

const stages = { depths: [2, 2], heads: [2, 4] } as const;

export const swin = defineModel({
  name: 'swin',
  title: 'Swin',
  description:
    'Vision transformer with attention inside windows that every second block shifts by half a window, with relative position biases and without stochastic depth. Two stages of two blocks, for small images; the second stage has half the map and twice the channels. Of 28 pixels and patches of 2 its maps are 14 and 7 wide: its tokens, put back in their places. Weights start normal with deviation 0.02, biases at 0.',
  source:
    'Liu et al. 2021, Swin Transformer: Hierarchical Vision Transformer using Shifted Windows',
  fields: {
    patch: field(z.enum(['2', '4']), '2', {
      title: 'Patch',
      unit: 'pixels',
      description: 'Side of the patches that become tokens; the paper’s 4 is for large images.',
    }),
    window: field(z.number().int().min(2).max(16), 7, {
      title: 'Window',
      unit: 'tokens',
      description:
        'Side of the windows inside which tokens attend to each other; no more than the map has.',
    }),
    channels: field(z.enum(['32', '64', '96']), '32', {
      title: 'Channels',
      description: 'Of the first stage, in two heads; the second stage has twice as many.',
    }),
  },
  targetLayer: () => 'stage2.2.sum2',
  listLayers: ({ patch, window, channels }, { classes, imageSize }) =>
    listSwinLayers({
      ...{ depths: stages.depths, heads: stages.heads, classes, imageSize, window },
      ...{ patch: Number(patch), channels: Number(channels) },
    }),
});
