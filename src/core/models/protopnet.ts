import { z } from 'zod';
import type { Component } from '../config/component.ts';
import { field, type FieldMeta } from '../config/fields.ts';
import { convnext } from './convnext.ts';
import type { LayerSpec } from './layers.ts';
import { defineModel, modelTerm, type NetworkInput, type SettingsOf } from './model.ts';
import { paperCnn } from './paperCnn.ts';
import { resnet } from './resnet.ts';
import { swin } from './swin.ts';

const backboneNames = ['paper-cnn', 'resnet', 'convnext', 'swin'] as const;
type Backbone = (typeof backboneNames)[number];

/** A field of a backbone, unused with the others. */
function borrow<T extends z.ZodType>(
  { name, title }: Component,
  schema: z.ZodDefault<T>,
): z.ZodDefault<T> {
  const meta = schema.meta() as unknown as FieldMeta;
  return schema.meta({
    ...meta,
    title: `${title}: ${meta.title.toLowerCase()}`,
    unusedWhen: {
      setting: 'model.backbone',
      is: backboneNames.filter((other) => other !== name),
      because: `Only the backbone ${title} has it.`,
    },
  });
}

const fields = {
  backbone: field(z.enum(backboneNames), 'paper-cnn', {
    title: 'Backbone',
    description:
      'The model whose layers, up to the one that its maps are of unless told, make the map that is compared with the prototypes.',
  }),
  paperCnnPooling: borrow(paperCnn, paperCnn.fields.pooling),
  resnetDepth: borrow(resnet, resnet.fields.depth),
  convnextSize: borrow(convnext, convnext.fields.size),
  convnextPatch: borrow(convnext, convnext.fields.patch),
  convnextHalvings: borrow(convnext, convnext.fields.halvings),
  swinPatch: borrow(swin, swin.fields.patch),
  swinWindow: borrow(swin, swin.fields.window),
  swinChannels: borrow(swin, swin.fields.channels),
  prototypesPerClass: field(z.number().int().min(1).max(100), 5, {
    title: 'Prototypes per class',
    description: 'How many parts of images stand for each class; the paper has 10 for birds.',
  }),
  prototypeChannels: field(z.number().int().min(1).max(1024), 32, {
    title: 'Prototype channels',
    description:
      'Of the map that prototypes are compared with, behind two convolutions of 1 × 1; the paper has 128 and more.',
  }),
  clusterWeight: field(z.number().min(0).max(1e6), 0.8, {
    title: 'Cluster weight',
    description: 'Weight of the cluster term: how far images are from prototypes of their class.',
    formula: 'L = LCE + w · Clst − v · Sep',
  }),
  separationWeight: field(z.number().min(0).max(1e6), 0.08, {
    title: 'Separation weight',
    description:
      'Weight of the separation term, which is subtracted: how far images are from prototypes of other classes.',
    formula: 'L = LCE + w · Clst − v · Sep',
  }),
  projectEvery: field(z.number().int().min(1).max(1000), 1, {
    title: 'Projection every',
    unit: 'epochs',
    description:
      'After every so many epochs each prototype becomes the nearest patch of the training images of its class.',
  }),
  lastLayerIterations: field(z.number().int().min(0).max(10_000), 20, {
    title: 'Last-layer iterations',
    description:
      'Steps of the convex optimisation of the last layer after each projection, each over all training images; 0 leaves it as it starts: 1 for a class’s own prototypes, −0.5 for others.',
  }),
  sparsityWeight: field(z.number().min(0).max(1e6), 1e-4, {
    title: 'Sparsity weight',
    description:
      'Of the absolute weights that the last layer gives to prototypes of other classes, while it is optimised.',
    formula: 'LCE + λ Σ |w| over a class’s weights of other classes’ prototypes',
  }),
};

type Settings = SettingsOf<typeof fields>;

/** A backbone's layers and the one that its map is of; its own dropout lies behind that. */
const backbones: {
  readonly [Name in Backbone]: (
    settings: Settings,
    input: NetworkInput,
  ) => { layers: LayerSpec[]; last: string };
} = {
  'paper-cnn': (s, input) => {
    const settings = { dropout: 0, pooling: s.paperCnnPooling };
    return { layers: paperCnn.listLayers(settings, input), last: paperCnn.targetLayer(settings) };
  },
  resnet: (s, input) => {
    const settings = { depth: s.resnetDepth };
    return { layers: resnet.listLayers(settings, input), last: resnet.targetLayer(settings) };
  },
  convnext: (s, input) => {
    const settings = {
      ...{ size: s.convnextSize, patch: s.convnextPatch, halvings: s.convnextHalvings },
    };
    return { layers: convnext.listLayers(settings, input), last: convnext.targetLayer(settings) };
  },
  swin: (s, input) => {
    const settings = { patch: s.swinPatch, window: s.swinWindow, channels: s.swinChannels };
    return { layers: swin.listLayers(settings, input), last: swin.targetLayer(settings) };
  },
};

/** Sizes of the head that compares a map with prototypes. */
export interface PrototypeSizes {
  channels: number;
  prototypesPerClass: number;
  classes: number;
}

/**
 * Two convolutions of 1 x 1, the squared distances of each position to each prototype, the least of
 * them over the positions, how similar that is, and a last layer without a bias, which steps do not train.
 */
export function listPrototypeLayers(sizes: PrototypeSizes): LayerSpec[] {
  const { channels, prototypesPerClass, classes } = sizes;
  const addOn = { kind: 'convolution', outputs: channels, kernelSize: 1, start: 'he' } as const;
  return [
    { ...addOn, name: 'addOn1' },
    { kind: 'relu', name: 'addOn1.relu' },
    { ...addOn, name: 'addOn2' },
    { kind: 'sigmoid', name: 'addOn2.sigmoid' },
    { kind: 'prototypes', name: 'prototypes', count: prototypesPerClass * classes },
    { kind: 'nearest', name: 'nearest' },
    { kind: 'similarity', name: 'similarity' },
    {
      ...{ kind: 'dense', name: 'dense', outputs: classes },
      ...{ bias: false, start: 'ownClass', fixed: true },
    },
  ];
}

const source =
  'Chen, Li, Tao, Barnett, Su and Rudin 2019, This Looks Like That: Deep Learning for Interpretable Image Recognition';

export const protopnet = {
  ...defineModel({
    name: 'protopnet',
    title: 'ProtoPNet',
    description:
      'Compares patches of a backbone’s map with prototypes, some for each class, and scores a class by how similar the nearest patches are to them. Training adds two costs to the objective: images near a prototype of their class (cluster), far from those of others (separation). After an epoch prototypes become the training patches that are nearest to them, and the last layer, which steps leave alone, is optimised alone. A sigmoid bounds what is compared; there is no dropout.',
    formula: 'logit = Σⱼ w ln((dⱼ + 1) / (dⱼ + 10⁻⁴)), dⱼ = min over patches z of ‖z − pⱼ‖²',
    source,
    fields,
    targetLayer: (settings) =>
      backbones[settings.backbone](settings, { imageSize: 28, channels: 1, classes: 2 }).last,
    listLayers: (settings, input) => {
      const { layers, last } = backbones[settings.backbone](settings, input);
      const end = 1 + layers.findIndex(({ name }) => name === last);
      const { prototypeChannels: channels, prototypesPerClass } = settings;
      const { classes } = input;
      return [
        ...layers.slice(0, end),
        ...listPrototypeLayers({ channels, prototypesPerClass, classes }),
      ];
    },
  }),
  terms: [
    modelTerm({
      name: 'cluster',
      title: 'Cluster cost',
      description: 'How far each image’s nearest patch is from the nearest prototype of its class.',
      formula: 'Clst = mean over the batch of the least dⱼ of the label’s prototypes',
      source,
      weight: { field: 'clusterWeight', sign: 1 },
    }),
    modelTerm({
      name: 'separation',
      title: 'Separation cost',
      description:
        'How far each image’s nearest patch is from the nearest prototype of another class; it is subtracted.',
      formula: 'Sep = mean over the batch of the least dⱼ of other classes’ prototypes',
      source,
      weight: { field: 'separationWeight', sign: -1 },
    }),
  ],
} as const;
