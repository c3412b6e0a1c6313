import {
  sizeOf,
  type Derived,
  type Initial,
  type LayerSpec,
  type ParameterSpec,
  type Shape,
  type Start,
  type StatisticSpec,
} from './layers.ts';

/** How a kernel starts whose output sums `fanIn` products and whose input goes into `fanOut`. */
const startOf = (start: Start, fanIn: number, fanOut: number): Initial =>
  ({
    uniform: { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) } as const,
    he: { kind: 'normal', deviation: Math.sqrt(2 / fanOut) } as const,
    narrow: { kind: 'normal', deviation: 0.02 } as const,
    ownClass: { kind: 'blocks', inside: 1, outside: -0.5 } as const,
  })[start];

const constant = (name: string, size: number, value: number): ParameterSpec => ({
  name,
  shape: [size],
  initial: { kind: 'constant', value },
});

/** A kernel [..., outputs], and a bias [outputs] if the layer has one. */
function affine(name: string, kernel: Shape, start: Start = 'uniform', hasBias = true) {
  const outputs = kernel.at(-1) ?? 0;
  const fanIn = sizeOf(kernel.slice(0, -1));
  const initial = startOf(start, fanIn, sizeOf(kernel.slice(0, -2)) * outputs);
  const bias: ParameterSpec =
    start === 'uniform'
      ? { name: `${name}/bias`, shape: [outputs], initial }
      : constant(`${name}/bias`, outputs, 0);
  return [{ name: `${name}/kernel`, shape: kernel, initial }, ...(hasBias ? [bias] : [])];
}

const plain = (output: Shape, otherOperations: number): Derived => ({
  output,
  parameters: [],
  statistics: [],
  macs: 0,
  inner: 0,
  otherOperations,
});

type Convolution = Extract<LayerSpec, { kind: 'convolution' }>;

/** What a convolution's spec leaves to its defaults; the zeros around the image are `padding` wide. */
export function geometryOf({ kernelSize = 3, stride = 1 }: Convolution) {
  const padding = kernelSize > stride ? (kernelSize - 1) / 2 : 0;
  return { kernelSize, stride, padding };
}

function deriveConvolution(
  spec: Convolution,
  [height = 0, width = 0, channels = 0]: Shape,
): Derived {
  const { kernelSize, stride, padding } = geometryOf(spec);
  const { name, outputs, start, bias = true } = spec;
  const fit = (size: number): number =>
    Math.max(0, Math.floor((size + 2 * padding - kernelSize) / stride) + 1);
  const output = [fit(height), fit(width), outputs];
  const kernel = [kernelSize, kernelSize, channels, outputs];
  const positions = sizeOf(output.slice(0, -1));
  return {
    ...plain(output, bias ? sizeOf(output) : 0),
    parameters: affine(name, kernel, start, bias),
    macs: positions * sizeOf(kernel),
    // With a stride, what lies under each output is laid side by side.
    inner: stride === 1 ? 0 : positions * kernelSize ** 2 * channels,
  };
}

function deriveBatchNorm(name: string, input: Shape): Derived {
  const channels = input.at(-1) ?? 0;
  const moment = (kind: 'mean' | 'variance', value: number): StatisticSpec => ({
    ...constant(`${name}/${kind}`, channels, value),
    layer: name,
    moment: kind,
  });
  return {
    ...plain(input, 2 * sizeOf(input)),
    parameters: [constant(`${name}/gamma`, channels, 1), constant(`${name}/beta`, channels, 0)],
    statistics: [moment('mean', 0), moment('variance', 1)],
  };
}

type Attention = Extract<LayerSpec, { kind: 'windowAttention' }>;

/** Four operations a score, for its bias and softmax; a map that windows do not divide is filled up. */
function deriveAttention({ name, heads, window }: Attention, input: Shape): Derived {
  const [height = 0, , channels = 0] = input;
  const tokens = (Math.ceil(height / Math.max(1, window)) * window) ** 2;
  const scores = tokens * window ** 2;
  const positions = (2 * window - 1) ** 2;
  return {
    ...plain(input, 4 * heads * scores + 4 * tokens * channels),
    parameters: [
      ...affine(`${name}/qkv`, [channels, 3 * channels], 'narrow'),
      ...affine(`${name}/projection`, [channels, channels], 'narrow'),
      { name: `${name}/positionBias`, shape: [positions, heads], initial: startOf('narrow', 1, 1) },
    ],
    macs: 4 * tokens * channels ** 2 + 2 * scores * channels,
    // Queries, keys and values, the scores with their bias and as weights, and what they weigh.
    inner: 4 * tokens * channels + 3 * heads * scores,
  };
}

/** What a layer of prototypes keeps of where each is from: see `layers.ts`. */
export const sourceFields = ['image', 'row', 'column', 'epoch'] as const;

/** Points start uniform in [0, 1]; each distance costs a subtraction beside each multiplication. */
function derivePrototypes({ name, count }: { name: string; count: number }, input: Shape): Derived {
  const channels = input.at(-1) ?? 0;
  const output = [...input.slice(0, -1), count];
  const macs = sizeOf(output) * channels;
  const initial: Initial = { kind: 'uniform', bound: 0.5, centre: 0.5 };
  const shape = [count, sourceFields.length];
  const unknown = { shape, initial: { kind: 'constant', value: -1 } } as const;
  return {
    ...plain(output, macs),
    parameters: [{ name: `${name}/vectors`, shape: [count, channels], initial }],
    statistics: [{ name: `${name}/source`, layer: name, moment: 'kept', ...unknown }],
    macs,
  };
}

/** A norm without memory, which starts with all its gammas at one value and costs so much a value. */
const deriveScaling = (name: string, input: Shape, gamma: number, cost: number): Derived => ({
  ...plain(input, cost * sizeOf(input)),
  parameters: [
    constant(`${name}/gamma`, input.at(-1) ?? 0, gamma),
    constant(`${name}/beta`, input.at(-1) ?? 0, 0),
  ],
});

/** Half as many rows and columns, by how an odd last one counts. */
const halve = (
  [height = 0, width = 0]: Shape,
  channels: number,
  round: (size: number) => number,
): Shape => [round(height / 2), round(width / 2), channels];

/** All that follows from what a layer is and from its input, [H, W, C] or [features]. */
export function deriveLayer(spec: LayerSpec, input: Shape): Derived {
  const { name } = spec;
  const channels = input.at(-1) ?? 0;
  switch (spec.kind) {
    case 'convolution':
      return deriveConvolution(spec, input);
    case 'batchNorm':
      return deriveBatchNorm(name, input);
    case 'layerNorm':
      return deriveScaling(name, input, 1, 2);
    case 'responseNorm':
      return deriveScaling(name, input, 0, 4);
    case 'depthwise': {
      const kernel = [spec.kernelSize, spec.kernelSize, channels, 1];
      const parameters = [
        { name: `${name}/kernel`, shape: kernel, initial: startOf('narrow', 1, 1) },
        constant(`${name}/bias`, channels, 0),
      ];
      const macs = sizeOf(input) * spec.kernelSize ** 2;
      return { ...plain(input, sizeOf(input)), parameters, macs };
    }
    case 'windowAttention':
      return deriveAttention(spec, input);
    case 'mergePatches':
      return plain(halve(input, 4 * channels, Math.ceil), 0);
    case 'prototypes':
      return derivePrototypes(spec, input);
    case 'nearest':
      return plain([channels], sizeOf(input));
    case 'similarity':
      return plain(input, 4 * sizeOf(input));
    case 'gelu':
    case 'sigmoid':
    case 'relu':
    case 'add':
      return plain(input, sizeOf(input));
    case 'maxPool': {
      const output = halve(input, channels, Math.floor);
      return plain(output, 3 * sizeOf(output));
    }
    case 'averagePool':
      return plain([channels], sizeOf(input));
    case 'shrink':
      return plain(halve(input, spec.outputs, Math.ceil), 0);
    case 'flatten':
      return plain([sizeOf(input)], 0);
    case 'dropout':
      return plain(input, 0);
    case 'dense': {
      const output = [...input.slice(0, -1), spec.outputs];
      const { outputs, start, bias = true } = spec;
      const parameters = affine(name, [channels, outputs], start, bias);
      const additions = bias ? sizeOf(output) : 0;
      return { ...plain(output, additions), parameters, macs: channels * sizeOf(output) };
    }
  }
}
