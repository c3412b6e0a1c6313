import { deriveLayer } from './layerKinds.ts';

/** How the weights of a layer start; norms start at 1 and 0. */
export type Start =
  /** PyTorch's default, kernel and bias alike: uniform in ±1/sqrt(fanIn), He's with a = sqrt(5). */
  | 'uniform'
  /** Normal with deviation sqrt(2 / (taps * outputs)), He et al. 2015 by fan-out; bias 0. */
  | 'he'
  /** Normal with deviation 0.02, bias 0, as vision transformers start. */
  | 'narrow'
  /** 1 from the inputs of an output's own class, which follow one class after the other, -0.5 from others. */
  | 'ownClass';

type LayerKind =
  /**
   * `kernelSize` (3) a side and a `stride` (1): [H, W, C] -> [H', W', outputs]. Zeros lie (kernelSize - 1) / 2
   * wide around the image; none where the kernel is no larger than the stride. With a bias unless `bias`
   * is false.
   */
  | {
      kind: 'convolution';
      outputs: number;
      kernelSize?: number;
      stride?: number;
      bias?: boolean;
      start?: Start;
    }
  /** By each channel's mean and variance. */
  | { kind: 'batchNorm' }
  | { kind: 'relu' }
  /** By each position's mean and variance over the channels. */
  | { kind: 'layerNorm' }
  /** x Φ(x), Φ the normal distribution function. */
  | { kind: 'gelu' }
  /** 1 / (1 + e^-x) */
  | { kind: 'sigmoid' }
  /** Each channel by a kernel of its own, `kernelSize` a side, with a bias; sizes stay. */
  | { kind: 'depthwise'; kernelSize: number }
  /**
   * Each channel by how it compares with the others: x + gamma x n + beta, n the norm of the channel over
   * all positions divided by the mean of these norms (Woo et al. 2023).
   */
  | { kind: 'responseNorm' }
  /**
   * Attention of the positions of a map inside windows of `window` a side, which `shift` moves against the
   * edges: see `windows.ts`.
   */
  | { kind: 'windowAttention'; heads: number; window: number; shift: number }
  /** The 2 x 2 positions side by side, an odd last row or column with zeros: [H, W, C] -> [H/2, W/2, 4C]. */
  | { kind: 'mergePatches' }
  /** 2 x 2, an odd last row or column left out. */
  | { kind: 'maxPool' }
  /** The mean over all positions: [H, W, C] -> [C]. */
  | { kind: 'averagePool' }
  /**
   * The squared distance of each position's channels to each of so many points, [H, W, C] -> [H, W, count].
   * It keeps which patch of a training image each point is (`source`): the image's index, row and column of
   * the map, and the epoch after which it became that; -1 before.
   */
  | { kind: 'prototypes'; count: number }
  /** The least over all positions, of equal ones the first: [H, W, C] -> [C]. */
  | { kind: 'nearest' }
  /** Of squared distances d: ln((d + 1) / (d + 1e-4)). */
  | { kind: 'similarity' }
  /** The sum with the output of an earlier layer. */
  | { kind: 'add'; other: string }
  /** Every other row and column, with channels of zeros behind its own: [H, W, C] -> [H', W', outputs]. */
  | { kind: 'shrink'; outputs: number }
  /** Over H, W, C. */
  | { kind: 'flatten' }
  | { kind: 'dropout' }
  /**
   * With a bias unless `bias` is false: [..., features] -> [..., outputs]. Steps leave the kernel of a
   * `fixed` one as it is.
   */
  | { kind: 'dense'; outputs: number; bias?: boolean; start?: Start; fixed?: boolean };

/** One layer of a network by what it does, on the output of the layer before it or of `from`. */
export type LayerSpec = LayerKind & { name: string; from?: string };

export type Initial =
  | { kind: 'uniform'; bound: number; centre?: number }
  | { kind: 'normal'; deviation: number }
  | { kind: 'constant'; value: number }
  /** Of a matrix cut into as many blocks of rows as it has columns: those that a column's own block has. */
  | { kind: 'blocks'; inside: number; outside: number };

/** A trainable tensor: its name (`conv1/kernel`), its TensorFlow shape and how it starts. */
export interface ParameterSpec {
  name: string;
  shape: readonly number[];
  initial: Initial;
}

/** What a layer keeps of the images it has seen: a batch norm of its batches, or what steps pass on as it is. */
export interface StatisticSpec extends ParameterSpec {
  layer: string;
  moment: 'mean' | 'variance' | 'kept';
}

/** A shape without the batch's axis. */
export type Shape = readonly number[];

/** What follows from a layer's kind and its input, without computing anything. */
export interface Derived {
  output: Shape;
  parameters: readonly ParameterSpec[];
  statistics: readonly StatisticSpec[];
  /** Multiply-accumulate operations for one image, of convolutions and dense layers. */
  macs: number;
  /** Values for one image that it makes on the way to its output and that a gradient reads again. */
  inner: number;
  /** Every other arithmetic operation: see `flopsCounting` in `summary.ts`. */
  otherOperations: number;
}

/** A layer where it stands. */
export interface Layer extends Derived {
  spec: LayerSpec;
  input: Shape;
  /** Numbers of the layers that it takes the output of; -1 is the image. */
  sources: readonly number[];
}

export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

function findLayer(layers: readonly Layer[], name: string, wantedBy: string): number {
  const found = layers.findIndex(({ spec }) => spec.name === name);
  if (found < 0)
    throw new RangeError(`placeLayers: ${wantedBy} follows ${name}, which is not before it`);
  return found;
}

/** The layers, each on the output of the one before unless it names another. */
export function placeLayers(specs: readonly LayerSpec[], image: Shape): Layer[] {
  const layers: Layer[] = [];
  for (const spec of specs) {
    const { name, from } = spec;
    const source = from === undefined ? layers.length - 1 : findLayer(layers, from, name);
    const others = spec.kind === 'add' ? [findLayer(layers, spec.other, name)] : [];
    const input = layers[source]?.output ?? image;
    for (const other of others) {
      const { output = [] } = layers[other] ?? {};
      if (output.join() === input.join()) continue;
      throw new RangeError(`placeLayers: ${name} adds [${output.join()}] to [${input.join()}]`);
    }
    const sources = [source, ...others];
    layers.push({ spec, input, sources, ...deriveLayer(spec, input) });
  }
  return layers;
}
