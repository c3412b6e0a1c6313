import { dropout } from './dropout.ts';
import type { LayerSpec } from './layers.ts';
import { defineModel } from './model.ts';

/** Sizes of the network family that `paper-cnn` belongs to. */
export interface CnnSizes {
  /** Output channels of each block's convolution. */
  channels: readonly number[];
  hidden: number;
  classes: number;
}

const block = (outputs: number, number: number): LayerSpec[] => [
  { kind: 'convolution', name: `conv${number}`, outputs },
  { kind: 'batchNorm', name: `bn${number}` },
  { kind: 'relu', name: `relu${number}` },
  { kind: 'maxPool', name: `pool${number}` },
];

/** Blocks of convolution, batch norm, ReLU and max-pool, then dropout between two dense layers. */
export const listCnnLayers = ({ channels, hidden, classes }: CnnSizes): LayerSpec[] => [
  ...channels.flatMap((outputs, i) => block(outputs, i + 1)),
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
  fields: { dropout: dropout() },
  targetLayer: () => 'relu3',
  listLayers: (_, { classes }) => listCnnLayers({ channels: [32, 64, 128], hidden: 256, classes }),
});
