import { AfterimageError } from '../../../../core/errors.ts';
import type { NamedTensor } from '../../../../core/formats/safetensors.ts';
import { permuteAxes } from '../../../../core/formats/tensorAxes.ts';
import { geometryOf } from '../../../../core/models/layerKinds.ts';
import type { Layer, LayerSpec } from '../../../../core/models/layers.ts';
import { attend } from './attention.ts';
import type { OnnxGraph } from './onnxFile.ts';

/** A layer on its way into a graph; maps lie there as [B, C, H, W], as ONNX's operators want them. */
interface Place<Spec extends LayerSpec = LayerSpec> {
  graph: OnnxGraph;
  layer: Layer & { spec: Spec };
  /** Names of the layer's input, and of the other that a sum has. */
  x: string;
  other: string;
  /** A weight of the layer as a constant, with its axes in another order and shape where that is given. */
  take: (name: string, order?: readonly number[], shape?: readonly number[]) => string;
  /** Its values. */
  read: (name: string) => Float32Array;
}

type Write<Spec extends LayerSpec = LayerSpec> = (place: Place<Spec>) => string;
type Of<Kind extends LayerSpec['kind']> = Extract<LayerSpec, { kind: Kind }>;

/** Runs `work` on [B, H, W, C], where it works on the last axis, if the layer has a map. */
function onChannels(
  { graph, layer, x }: Pick<Place, 'graph' | 'layer' | 'x'>,
  work: (x: string) => string,
): string {
  if (layer.input.length === 1) return work(x);
  const last = graph.add('Transpose', [x], { perm: { ints: [0, 2, 3, 1] } });
  return graph.add('Transpose', [work(last)], { perm: { ints: [0, 3, 1, 2] } });
}

/** Zeros behind the last row, column or channel. */
const padBehind = (graph: OnnxGraph, x: string, [channels = 0, rows = 0, columns = 0]: number[]) =>
  channels + rows + columns === 0
    ? x
    : graph.add('Pad', [x, graph.integers([0, 0, 0, 0, 0, channels, rows, columns])]);

const convolve: Write<Of<'convolution'>> = ({ graph, layer: { spec }, x, take }) => {
  const { stride, padding } = geometryOf(spec);
  const inputs = [x, take('kernel', [3, 2, 0, 1]), ...(spec.bias === false ? [] : [take('bias')])];
  return graph.add('Conv', inputs, {
    strides: { ints: [stride, stride] },
    pads: { ints: Array<number>(4).fill(padding) },
  });
};

const depthwise: Write<Of<'depthwise'>> = ({ graph, layer: { spec, input }, x, take }) =>
  graph.add('Conv', [x, take('kernel', [2, 3, 0, 1]), take('bias')], {
    group: { i: input.at(-1) ?? 1 },
    pads: { ints: Array<number>(4).fill((spec.kernelSize - 1) / 2) },
  });

/** x / 2 (1 + erf(x / sqrt 2)) */
const gelu: Write = ({ graph, x }) => {
  const erf = graph.add('Erf', [graph.add('Mul', [x, graph.scalar(Math.SQRT1_2)])]);
  const twice = graph.add('Mul', [x, graph.add('Add', [erf, graph.scalar(1)])]);
  return graph.add('Mul', [twice, graph.scalar(0.5)]);
};

const layerNorm: Write = (place) =>
  onChannels(place, (x) =>
    place.graph.add('LayerNormalization', [x, place.take('gamma'), place.take('beta')], {
      axis: { i: -1 },
      epsilon: { f: 1e-6 },
    }),
  );

const responseNorm: Write = ({ graph, layer, x, take }) => {
  const shape = [1, layer.input.at(-1) ?? 1, 1, 1];
  const squares = graph.add('ReduceSumSquare', [x], { axes: { ints: [2, 3] } });
  const norms = graph.add('Sqrt', [graph.add('Add', [squares, graph.scalar(1e-12)])]);
  const mean = graph.add('ReduceMean', [norms], { axes: { ints: [1] } });
  const relative = graph.add('Div', [norms, graph.add('Add', [mean, graph.scalar(1e-6)])]);
  const weighed = graph.add('Mul', [relative, take('gamma', [0], shape)]);
  const scale = graph.add('Add', [weighed, graph.scalar(1)]);
  return graph.add('Add', [graph.add('Mul', [x, scale]), take('beta', [0], shape)]);
};

const multiply: Write<Of<'dense'>> = (place) =>
  onChannels(place, (x) => {
    const product = place.graph.add('MatMul', [x, place.take('kernel')]);
    return place.layer.spec.bias === false
      ? product
      : place.graph.add('Add', [product, place.take('bias')]);
  });

const shrink: Write<Of<'shrink'>> = ({ graph, layer: { input, output }, x }) => {
  const [height = 0, width = 0, channels = 0] = input;
  const bounds = [
    [0, 0],
    [height, width],
    [2, 3],
    [2, 2],
  ];
  const corners = graph.add('Slice', [x, ...bounds.map((numbers) => graph.integers(numbers))]);
  return padBehind(graph, corners, [(output.at(-1) ?? 0) - channels]);
};

const mergePatches: Write = ({ graph, layer: { input }, x }) => {
  const [height = 0, width = 0] = input;
  const even = padBehind(graph, x, [0, height % 2, width % 2]);
  return graph.add('SpaceToDepth', [even], { blocksize: { i: 2 } });
};

const flatten: Write = ({ graph, layer: { input, output }, x }) => {
  const last =
    input.length === 3 ? graph.add('Transpose', [x], { perm: { ints: [0, 2, 3, 1] } }) : x;
  return graph.add('Reshape', [last, graph.integers([-1, ...output])]);
};

const kinds: { readonly [Kind in LayerSpec['kind']]?: Write<Of<Kind>> } = {
  convolution: convolve,
  batchNorm: ({ graph, x, take }) => {
    const parts = ['gamma', 'beta', 'mean', 'variance'].map((name) => take(name));
    return graph.add('BatchNormalization', [x, ...parts], { epsilon: { f: 1e-5 } });
  },
  relu: ({ graph, x }) => graph.add('Relu', [x]),
  gelu,
  layerNorm,
  depthwise,
  responseNorm,
  windowAttention: (place) => {
    const { graph, layer, take, read } = place;
    const [size = 0, , channels = 0] = layer.input;
    return onChannels(place, (x) =>
      attend(graph, x, layer.spec, { size, channels }, { take, bias: read('positionBias') }),
    );
  },
  mergePatches,
  maxPool: ({ graph, x }) =>
    graph.add('MaxPool', [x], { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } }),
  averagePool: ({ graph, x }) =>
    graph.add('ReduceMean', [x], { axes: { ints: [2, 3] }, keepdims: { i: 0 } }),
  add: ({ graph, x, other }) => graph.add('Add', [x, other]),
  shrink,
  flatten,
  // In evaluation it keeps everything.
  dropout: ({ x }) => x,
  dense: multiply,
};

/**
 * Adds a layer to a graph. INVALID_ARGUMENT for a kind that has no rule here.
 *
 * @param sources names of its inputs
 * @returns the name of its output
 */
export function writeLayer(
  graph: OnnxGraph,
  layer: Layer,
  [x = '', other = '']: readonly string[],
  weights: Readonly<Record<string, NamedTensor>>,
): string {
  const { kind, name } = layer.spec;
  const write = kinds[kind] as Write | undefined;
  if (write === undefined) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `The network’s layer ${name} is of the kind ${kind}, which is not written as ONNX.`,
      'Export the weights instead.',
    );
  }
  const find = (part: string): NamedTensor => {
    const tensor = weights[`${name}/${part}`];
    if (tensor === undefined) throw new RangeError(`writeLayer: no weight named ${name}/${part}`);
    return tensor;
  };
  graph.enter(name);
  return write({
    ...{ graph, layer, x, other },
    take: (part, order, shape) => {
      const tensor = find(part);
      const moved = permuteAxes(tensor, order ?? tensor.shape.map((_, axis) => axis));
      return graph.constant(shape ?? moved.shape, moved.values, part);
    },
    read: (part) => find(part).values as Float32Array,
  });
}
