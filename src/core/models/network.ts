import { choiceOf, type ChoiceOf, type PartialChoiceOf } from '../config/component.ts';
import {
  placeLayers,
  sizeOf,
  type Layer,
  type LayerSpec,
  type ParameterSpec,
  type StatisticSpec,
} from './layers.ts';
import type { Model, NetworkInput } from './model.ts';
import { models, type ModelName } from './registry.ts';

/** A network as its layers say it is, before anything computes it. */
export interface Network {
  /** Height and width of the input. */
  imageSize: number;
  /** Of the input: 1 for grey images. */
  channels: number;
  classes: number;
  layers: readonly Layer[];
  /** In the order of the layers, as weights are kept. */
  parameters: readonly ParameterSpec[];
  /** Running statistics of the batch norms. */
  statistics: readonly StatisticSpec[];
  /** Units that dropout works on. */
  features: number;
}

/** Square images; grey unless `channels` says otherwise. */
export interface ImageShape {
  imageSize: number;
  channels?: number;
}

/** A network for such images. */
export function describeNetwork(
  specs: readonly LayerSpec[],
  { imageSize, channels = 1 }: ImageShape,
): Network {
  const layers = placeLayers(specs, [imageSize, imageSize, channels]);
  const dropout = layers.find(({ spec }) => spec.kind === 'dropout');
  return {
    imageSize,
    channels,
    classes: sizeOf(layers.at(-1)?.output ?? []),
    layers,
    parameters: layers.flatMap(({ parameters }) => parameters),
    statistics: layers.flatMap(({ statistics }) => statistics),
    features: sizeOf(dropout?.output ?? [0]),
  };
}

export type { ModelName } from './registry.ts';
export const modelNames = models.map(({ name }) => name) as [ModelName, ...ModelName[]];

/** A model and its settings, as a run's configuration has them. */
export type ModelSettings = ChoiceOf<typeof models>;
/** A model with some of its settings; the others have their defaults. */
export type ModelChoice = PartialChoiceOf<typeof models>;

const settingsSchema = choiceOf(models);
// Each model is only given settings that its own schema has parsed.
const listed = models as unknown as readonly Model[];

function readChoice(choice: ModelChoice): { model: Model; settings: Record<string, unknown> } {
  const { name, ...settings } = settingsSchema.parse(choice);
  return { model: listed.find((model) => model.name === name) as Model, settings };
}

export function describeModel(choice: ModelChoice, images: ImageShape, classes: number): Network {
  const { model, settings } = readChoice(choice);
  const { imageSize, channels = 1 } = images;
  const input: NetworkInput = { imageSize, channels, classes };
  return describeNetwork(model.listLayers(settings, input), images);
}

/** The smallest images of which a model leaves anything: each pooling halves what is there. */
export function findLeastImageSize(choice: ModelChoice): number {
  let imageSize = 1;
  while (
    describeModel(choice, { imageSize }, 2).layers.some(({ output }) => sizeOf(output) === 0)
  ) {
    imageSize += 1;
  }
  return imageSize;
}

const isTarget = ({ spec, output }: Layer): boolean =>
  output.length === 3 && (spec.kind === 'convolution' || spec.kind === 'relu');

/** By the model's settings as JSON: configurations are read by the thousand, with few models. */
const knownTargets = new Map<string, readonly string[]>();

/** Layers whose activations a Grad-CAM can explain: convolutions and the ReLUs behind them. */
export function listTargetLayers(choice: ModelChoice): readonly string[] {
  const key = JSON.stringify(choice);
  const known = knownTargets.get(key);
  if (known !== undefined) return known;
  const { layers } = describeModel(choice, { imageSize: 28 }, 10);
  const targets = layers.filter(isTarget).map(({ spec }) => spec.name);
  knownTargets.set(key, targets);
  return targets;
}

/** The layer that a model's maps are of unless another is chosen. */
export function defaultTargetLayer(choice: ModelChoice): string {
  const { model, settings } = readChoice(choice);
  return model.targetLayer(settings);
}
