import { z } from 'zod';
import { field } from '../config/fields.ts';
import { dropout } from './dropout.ts';
import type { LayerSpec } from './layers.ts';
import { defineModel } from './model.ts';

/** Sizes of the network family that `paper-cnn` belongs to. */
export interface CnnSizes {
  /** Output channels of each block's convolution. */
  channels: readonly number[];
  hidden: number;
  classes: number;
  /** How many of the blocks end with a max-pooling, the first ones; all unless given. */
  pooling?: number;
}

const block = (outputs: number, number: number, pools: boolean): LayerSpec[] => [
  { kind: 'convolution', name: `conv${number}`, outputs },
  { kind: 'batchNorm', name: `bn${number}` },
  { kind: 'relu', name: `relu${number}` },
  ...(pools ? [{ kind: 'maxPool', name: `pool${number}` } as const] : []),
];

/** Blocks of convolution, batch norm, ReLU and max-pool, then dropout between two dense layers. */
export const listCnnLayers = ({ channels, hidden, classes, pooling }: CnnSizes): LayerSpec[] => [
  ...channels.flatMap((outputs, i) => block(outputs, i + 1, i < (pooling ?? channels.length))),
  { kind: 'flatten', name: 'flatten' },
  { kind: 'dropout', name: 'dropout' },
  { kind: 'dense', name: 'dense1', outputs: hidden },
  { kind: 'relu', name: 'relu' },
  { kind: 'dense', name: 'dense2', outputs: classes },
];

export const paperCnn = defineModel({
  name: 'paper-cnn',
  title: 'Paper CNN',
  description:
    'Three blocks of convolution, batch norm, ReLU and max-pooling, then two dense layers: 390,858 parameters at 28 × 28 pixels and 10 classes.',
  source: 'Ignesti, Martinelli and Moroni, You’ve Got the Wrong Number',
  fields: {
    dropout: dropout(),
    pooling: field(z.number().int().min(0).max(3), 3, {
      title: 'Poolings',
      unit: 'blocks',
      description:
        'How many of the three blocks, from the first on, end with a max-pooling. Of images of 28 pixels the last map is 7 wide with 3 or 2 of them (3 wide behind the third pooling), 14 with 1 and 28 with 0; the first dense layer grows as the map does.',
    }),
  },
  targetLayer: () => 'relu3',
  listLayers: ({ pooling }, { classes }) =>
    listCnnLayers({ channels: [32, 64, 128], hidden: 256, classes, pooling }),
});
