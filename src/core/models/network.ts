import { z } from 'zod';
import { choiceOf, type ChoiceOf, type PartialChoiceOf } from '../config/component.ts';
import { leavesUnused, type FieldMeta } from '../config/fields.ts';
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

/** Height and width of a layer's output, 1 for a list of features; a RangeError for an unknown layer. */
export function mapSizeOf({ layers }: Network, name: string): number {
  const layer = layers.find(({ spec }) => spec.name === name);
  if (layer === undefined) throw new RangeError(`mapSizeOf: there is no layer ${name}`);
  return layer.output.length === 3 ? (layer.output[0] ?? 0) : 1;
}

/**
 * The smallest images of which a model leaves anything, and more than one pixel at the layer that its
 * maps are of unless another is chosen.
 */
export function findLeastImageSize(choice: ModelChoice): number {
  const targetLayer = defaultTargetLayer(choice);
  for (let imageSize = 1; ; imageSize += 1) {
    const network = describeModel(choice, { imageSize }, 2);
    const isWhole = network.layers.every(({ output }) => sizeOf(output) > 0);
    if (isWhole && mapSizeOf(network, targetLayer) > 1) return imageSize;
  }
}

/** What changes values, rather than only scaling them, or brings them together. */
const explained: readonly LayerSpec['kind'][] = [
  ...(['convolution', 'depthwise', 'windowAttention'] as const),
  ...(['relu', 'gelu', 'sigmoid', 'maxPool', 'add'] as const),
];
const isTarget = ({ spec, output }: Layer): boolean =>
  output.length === 3 && explained.includes(spec.kind);

/** By the model's settings as JSON: configurations are read by the thousand, with few models. */
const knownTargets = new Map<string, readonly string[]>();

/** Layers whose activations a Grad-CAM can explain: those of the kinds above that have a map. */
export function listTargetLayers(choice: ModelChoice): readonly string[] {
  const key = JSON.stringify(choice);
  const known = knownTargets.get(key);
  if (known !== undefined) return known;
  const { layers } = describeModel(choice, { imageSize: 28 }, 10);
  const targets = layers.filter(isTarget).map(({ spec }) => spec.name);
  knownTargets.set(key, targets);
  return targets;
}

/** Whether a field says nothing of a model with the settings before it. */
function isUnused(schema: z.ZodDefault, settings: Readonly<Record<string, unknown>>): boolean {
  const { unusedWhen } = schema.meta() as unknown as FieldMeta;
  return (
    unusedWhen !== undefined &&
    leavesUnused(unusedWhen, settings[unusedWhen.setting.replace('model.', '')])
  );
}

/** The models with every combination of what can be chosen from a list, such as a depth. */
const listVariants = (): ModelChoice[] =>
  listed.flatMap(({ name, fields }) => {
    const lists = Object.entries(fields).flatMap(([key, schema]) => {
      const values = schema.unwrap();
      return values instanceof z.ZodEnum ? [{ key, schema, options: values.options }] : [];
    });
    return lists.reduce<Record<string, unknown>[]>(
      (known, { key, schema, options }) =>
        known.flatMap((one) =>
          isUnused(schema, one) ? [one] : options.map((option) => ({ ...one, [key]: option })),
        ),
      [{ name }],
    );
  }) as ModelChoice[];

/** The target layers that any model has, whatever its settings. */
export const listAllTargetLayers = (): string[] => [
  ...new Set(listVariants().flatMap(listTargetLayers)),
];

/** The layer that a model's maps are of unless another is chosen. */
export function defaultTargetLayer(choice: ModelChoice): string {
  const { model, settings } = readChoice(choice);
  return model.targetLayer(settings);
}
