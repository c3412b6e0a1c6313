import { nearest } from '../editDistance.ts';
import { invalidArgument } from '../errors.ts';
import { type Layer, type ParameterSpec, type Shape } from '../models/layers.ts';
import type { Network } from '../models/network.ts';
import type { NamedTensor } from './safetensors.ts';
import { permuteAxes } from './tensorAxes.ts';

/** How kernels lie: [height, width, in, out] and [in, out], or [out, in, height, width] and [out, in]. */
export const weightLayouts = ['tensorflow', 'pytorch'] as const;
export type WeightLayout = (typeof weightLayouts)[number];
/** Whose layout it is. */
export const layoutOwners: Readonly<Record<WeightLayout, string>> = {
  tensorflow: 'TensorFlow’s and Keras’s',
  pytorch: 'PyTorch’s',
};

/** Tensors that another program wrote. */
export interface ForeignFile {
  /** What errors call it. */
  name: string;
  tensors: Readonly<Record<string, NamedTensor>>;
  /** Element types of those that are not of 32 bits, by name. */
  others: ReadonlyMap<string, string>;
}

/** What Keras and PyTorch call the parts of a layer, beside our own names for them. */
const partNames: Readonly<Record<string, readonly string[]>> = {
  kernel: ['weight'],
  gamma: ['weight'],
  beta: ['bias'],
  mean: ['running_mean', 'moving_mean'],
  variance: ['running_var', 'moving_variance'],
};

/** Epsilons of batch norms: ours and PyTorch's, and Keras's, which calls the variance by a name of its own. */
const [usualEpsilon, kerasEpsilon] = [1e-5, 1e-3];
const kerasVariance = /moving_variance$/;

/** `conv1/kernel` as layer and part. */
function splitName(name: string): { layer: string; part: string } {
  const at = name.lastIndexOf('/');
  return { layer: name.slice(0, at), part: name.slice(at + 1) };
}

const listSpecs = ({ parameters, statistics }: Network): readonly ParameterSpec[] => [
  ...parameters,
  ...statistics,
];

/** Layers of a network that have weights, in its order: what names can be given for. */
export const listWeightLayers = (network: Network): string[] => [
  ...new Set(listSpecs(network).map(({ name }) => splitName(name).layer)),
];

/** What the layers in a file may be called: its tensors' names without their last part. */
export const listForeignLayers = ({ tensors }: Pick<ForeignFile, 'tensors'>): string[] => [
  ...new Set(Object.keys(tensors).map((name) => name.replace(/[./][^./]*$/, ''))),
];

/** Refuses names that the network has neither a layer nor a weight for. */
function checkNames(network: Network, names: Readonly<Record<string, string>>): void {
  const weights = listSpecs(network).map(({ name }) => name);
  const known = new Set(weights.flatMap((name) => [name, splitName(name).layer]));
  const unknown = Object.keys(names).find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw invalidArgument(
    `The names have ${unknown}, which is no layer of the model that has weights, and none of these.`,
    `The nearest is ${nearest(unknown, [...known]) ?? ''}.`,
  );
}

/** Where a weight may be, likeliest first. */
function listCandidates(name: string, names: Readonly<Record<string, string>>): string[] {
  const { [name]: whole } = names;
  if (whole !== undefined) return [whole];
  const { layer, part } = splitName(name);
  const parts = [part, ...(partNames[part] ?? [])];
  return ['/', '.'].flatMap((joint) =>
    parts.map((one) => `${names[layer] ?? layer}${joint}${one}`),
  );
}

function findTensor(file: ForeignFile, name: string, candidates: readonly string[]): string {
  const found = candidates.find((candidate) => candidate in file.tensors);
  if (found !== undefined) return found;
  const other = candidates.find((candidate) => file.others.has(candidate));
  if (other !== undefined) {
    throw invalidArgument(
      `${other} in ${file.name} is of type ${file.others.get(other) ?? ''}.`,
      'Save the weights with 32 bits (float32).',
    );
  }
  const known = Object.keys(file.tensors);
  const shown = known.slice(0, 8).join(', ');
  throw invalidArgument(
    `${file.name} has nothing for ${name}: it has ${shown}${known.length > 8 ? `, and ${known.length - 8} more` : ''}.`,
    'Say what it calls its layers, {"conv1": "features.0"} (with --names in a JSON file).',
  );
}

/** Axes of our layout in PyTorch's: of a kernel of its own for each channel, of others, of a matrix. */
function torchOrder({ shape, name }: ParameterSpec): readonly number[] | null {
  if (splitName(name).part !== 'kernel') return null;
  if (shape.length === 2) return [1, 0];
  return shape.at(-1) === 1 && (shape[2] ?? 0) > 1 ? [2, 3, 0, 1] : [2, 3, 1, 0];
}

const isShape = (a: Shape, b: Shape): boolean => a.join() === b.join();

/** The shape that a weight has in PyTorch's layout. */
function torchShape(spec: ParameterSpec): Shape {
  const order = torchOrder(spec);
  if (order === null) return spec.shape;
  return order.map((_, axis) => spec.shape[order.indexOf(axis)] ?? 0);
}

/** The layout of a file, by the kernels that fit only one. */
function findLayout(pairs: readonly { spec: ParameterSpec; tensor: NamedTensor }[]): WeightLayout {
  const isTorch = pairs.some(
    ({ spec, tensor }) =>
      isShape(tensor.shape, torchShape(spec)) && !isShape(tensor.shape, spec.shape),
  );
  return isTorch ? 'pytorch' : 'tensorflow';
}

/** The map that was flattened into a layer's input, values in between left in their places; null for none. */
function flattenedInto(layer: Layer, { layers }: Network): Shape | null {
  let before = layers[layer.sources[0] ?? -1];
  while (before !== undefined && ['dropout', 'relu', 'gelu'].includes(before.spec.kind)) {
    before = layers[before.sources[0] ?? -1];
  }
  return before?.spec.kind === 'flatten' && before.input.length === 3 ? before.input : null;
}

/** In our layout; a flattened map is ordered channel, height, width in PyTorch, and channel last here. */
function fromTorch(spec: ParameterSpec, tensor: NamedTensor, network: Network): NamedTensor {
  const order = torchOrder(spec);
  if (order === null) return tensor;
  const moved = permuteAxes(tensor, order);
  const layer = network.layers.find((one) => one.spec.name === splitName(spec.name).layer);
  const map = layer && spec.shape.length === 2 ? flattenedInto(layer, network) : null;
  if (map === null) return moved;
  const [height = 1, width = 1, channels = 1] = map;
  const apart = { shape: [channels, height, width, spec.shape[1] ?? 1], values: moved.values };
  return { shape: spec.shape, values: permuteAxes(apart, [1, 2, 0, 3]).values };
}

function checkTensor(
  file: ForeignFile,
  found: string,
  spec: ParameterSpec,
  due: Shape,
): NamedTensor {
  const tensor = file.tensors[found] as NamedTensor;
  if (!isShape(tensor.shape, due)) {
    throw invalidArgument(
      `${found} in ${file.name} is [${tensor.shape.join(', ')}], where ${spec.name} is [${due.join(', ')}].`,
      'Check the model, its settings and the data set: kernels follow from image size, channels and classes.',
    );
  }
  if (!(tensor.values instanceof Float32Array)) {
    throw invalidArgument(
      `${found} in ${file.name} holds whole numbers.`,
      'Save the weights with 32 bits (float32).',
    );
  }
  if (tensor.values.every(Number.isFinite)) return tensor;
  throw invalidArgument(
    `${found} in ${file.name} holds values that are not finite.`,
    'Import the weights of an earlier epoch.',
  );
}

export interface AdoptedWeights {
  /** Every weight of the network by its name here, in the network's layout. */
  tensors: Record<string, NamedTensor>;
  layout: WeightLayout;
  /** Of the batch norms that the weights were trained with. */
  epsilon: number;
}

/**
 * Weights that another program saved, as a network's own. Batch norms of another epsilon become ours by
 * their variance: variance + epsilon is what counts.
 *
 * @param names by layer what the file calls it (`conv1`: `features.0`), or by weight (`conv1/kernel`)
 * @param epsilon of its batch norms; null: Keras's 0.001 where its names are Keras's, else 0.00001
 * @throws AfterimageError INVALID_ARGUMENT for what lacks or does not fit
 */
export function adoptWeights(
  file: ForeignFile,
  network: Network,
  { names, epsilon }: { names: Readonly<Record<string, string>>; epsilon: number | null },
): AdoptedWeights {
  checkNames(network, names);
  const placed = listSpecs(network).map((spec) => {
    const found = findTensor(file, spec.name, listCandidates(spec.name, names));
    return { spec, found, tensor: file.tensors[found] as NamedTensor };
  });
  const layout = findLayout(placed);
  const isKeras = placed.some(({ found }) => kerasVariance.test(found));
  const used = epsilon ?? (isKeras ? kerasEpsilon : usualEpsilon);
  const tensors = placed.map(({ spec, found }): [string, NamedTensor] => {
    const due = layout === 'pytorch' ? torchShape(spec) : spec.shape;
    const tensor = checkTensor(file, found, spec, due);
    const own = layout === 'pytorch' ? fromTorch(spec, tensor, network) : tensor;
    if (splitName(spec.name).part !== 'variance') return [spec.name, own];
    const values = Float32Array.from(own.values, (value) => value + used - usualEpsilon);
    return [spec.name, { shape: own.shape, values }];
  });
  return { tensors: Object.fromEntries(tensors), layout, epsilon: used };
}
