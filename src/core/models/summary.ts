import { sizeOf, type Layer } from './layers.ts';
import {
  defaultTargetLayer,
  describeModel,
  listTargetLayers,
  mapSizeOf,
  type ImageShape,
  type ModelChoice,
  type ModelName,
} from './network.ts';

/** What one layer costs for one image in evaluation mode. */
export interface LayerCost {
  name: string;
  /** Output shape without the batch axis. */
  output: readonly number[];
  parameters: number;
  /** Multiply-accumulate operations of convolutions and dense layers. */
  macs: number;
  /** Every other arithmetic operation, as `flopsCounting` says. */
  otherOperations: number;
}

export interface ModelSummary {
  layers: LayerCost[];
  parameters: number;
  macs: number;
  /** 2 * macs + otherOperations. */
  flops: number;
  /** Layers whose maps can be explained, with the map's height and width, and the one that is unless told. */
  targetLayers: { name: string; mapSize: number; isDefault: boolean }[];
}

/** How `otherOperations` counts, for a reader of the figure. */
export const flopsCounting =
  'FLOPs = 2 × MACs + one addition per bias, two operations per batch-norm output, one comparison per ReLU output and three per max-pool output; dropout is off.';

/** The same for several models, some of which may have more kinds of layers than the paper's. */
export const describeCounting = (models: readonly ModelName[]): string =>
  models.every((name) => name === 'paper-cnn')
    ? flopsCounting
    : `${flopsCounting} Sums, GELU, sigmoids, averages and minima count one operation a value, layer norms two, response norms and similarities four, a score of attention four, a distance one more a MAC.`;

/** The paper's own count of paper-cnn at 28x28; its rule is not stated. */
export const paperFlops = 16.53e6;

const toCost = ({ spec, output, parameters, macs, otherOperations }: Layer): LayerCost => ({
  name: spec.name,
  output,
  parameters: parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
  macs,
  otherOperations,
});

/** Costs of a model for such images, layer by layer. */
export function summarizeModel(
  choice: ModelChoice,
  images: ImageShape,
  classes: number,
): ModelSummary {
  const network = describeModel(choice, images, classes);
  // Layers that only pass values on cost nothing and are not listed.
  const layers = network.layers
    .map(toCost)
    .filter(({ parameters, otherOperations }) => parameters + otherOperations > 0);
  const total = (of: (layer: LayerCost) => number): number =>
    layers.reduce((sum, layer) => sum + of(layer), 0);
  const macs = total((layer) => layer.macs);
  const flops = 2 * macs + total((layer) => layer.otherOperations);
  const targetLayers = listTargetLayers(choice).map((name) => ({
    name,
    mapSize: mapSizeOf(network, name),
    isDefault: name === defaultTargetLayer(choice),
  }));
  return { layers, parameters: total((layer) => layer.parameters), macs, flops, targetLayers };
}
