import {
  placeLayers,
  sizeOf,
  type Layer,
  type LayerSpec,
  type ParameterSpec,
  type StatisticSpec,
} from './layers.ts';
import { models, type Model, type ModelName } from './registry.ts';

/** A network as its layers say it is, before anything computes it. */
export interface Network {
  /** Height and width of the input, one channel. */
  imageSize: number;
  classes: number;
  layers: readonly Layer[];
  /** In the order of the layers, as weights are kept. */
  parameters: readonly ParameterSpec[];
  /** Running statistics of the batch norms. */
  statistics: readonly StatisticSpec[];
  /** Units that dropout works on. */
  features: number;
}

/** A network for square grey images. */
export function describeNetwork(specs: readonly LayerSpec[], imageSize: number): Network {
  const layers = placeLayers(specs, [imageSize, imageSize, 1]);
  const dropout = layers.find(({ spec }) => spec.kind === 'dropout');
  return {
    imageSize,
    classes: sizeOf(layers.at(-1)?.output ?? []),
    layers,
    parameters: layers.flatMap(({ parameters }) => parameters),
    statistics: layers.flatMap(({ statistics }) => statistics),
    features: sizeOf(dropout?.output ?? [0]),
  };
}

export type { ModelName } from './registry.ts';
export const modelNames = models.map(({ name }) => name) as [ModelName, ...ModelName[]];

const listed: readonly Model[] = models;

const modelOf = (name: ModelName): Model =>
  listed.find((model) => model.name === name) ?? models[0];

export const describeModel = (name: ModelName, imageSize: number, classes: number): Network =>
  describeNetwork(modelOf(name).listLayers(classes), imageSize);

/** The smallest images of which a model leaves anything: each pooling halves what is there. */
export function findLeastImageSize(name: ModelName): number {
  let imageSize = 1;
  while (describeModel(name, imageSize, 2).layers.some(({ output }) => sizeOf(output) === 0)) {
    imageSize += 1;
  }
  return imageSize;
}

const isTarget = ({ spec, output }: Layer): boolean =>
  output.length === 3 && (spec.kind === 'convolution' || spec.kind === 'relu');

const targetLayers = new Map(
  modelNames.map((name) => [
    name,
    describeModel(name, 28, 10)
      .layers.filter(isTarget)
      .map(({ spec }) => spec.name),
  ]),
);

/** Layers whose activations a Grad-CAM can explain: convolutions and the ReLUs behind them. */
export const listTargetLayers = (name: ModelName): readonly string[] =>
  targetLayers.get(name) ?? [];

/** The layer that a model's maps are of unless another is chosen. */
export const defaultTargetLayer = (name: ModelName): string => modelOf(name).targetLayer;
