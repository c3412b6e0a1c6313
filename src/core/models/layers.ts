/** One layer of a network by what it does; what its input is follows from the layers before it. */
export type LayerSpec =
  /** 3 x 3, 'same', with a bias: [H, W, C] -> [H, W, outputs]. */
  | { kind: 'convolution'; name: string; outputs: number }
  /** By each channel's mean and variance. */
  | { kind: 'batchNorm'; name: string }
  | { kind: 'relu'; name: string }
  /** 2 x 2, an odd last row or column left out. */
  | { kind: 'maxPool'; name: string }
  /** Over H, W, C. */
  | { kind: 'flatten'; name: string }
  | { kind: 'dropout'; name: string }
  /** With a bias: [features] -> [outputs]. */
  | { kind: 'dense'; name: string; outputs: number };

/** A trainable tensor: its name (`conv1/kernel`), its TensorFlow shape and how it starts. */
export interface ParameterSpec {
  name: string;
  shape: readonly number[];
  initial: { kind: 'uniform'; bound: number } | { kind: 'constant'; value: number };
}

/** What a batch norm keeps of the batches it has seen. */
export interface StatisticSpec extends ParameterSpec {
  layer: string;
  moment: 'mean' | 'variance';
}

/** A shape without the batch's axis. */
export type Shape = readonly number[];

/** A layer where it stands: all that follows from its input, without computing anything. */
export interface Layer {
  spec: LayerSpec;
  input: Shape;
  output: Shape;
  parameters: readonly ParameterSpec[];
  statistics: readonly StatisticSpec[];
  /** Multiply-accumulate operations for one image, of convolutions and dense layers. */
  macs: number;
  /** Every other arithmetic operation: see `flopsCounting` in `summary.ts`. */
  otherOperations: number;
}

export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/**
 * PyTorch's default for convolutions and dense layers, kernel and bias alike:
 * uniform in ±1/sqrt(fanIn), which is He's uniform initialiser with a = sqrt(5).
 */
const uniformByFanIn = (fanIn: number): ParameterSpec['initial'] => ({
  kind: 'uniform',
  bound: 1 / Math.sqrt(fanIn),
});

const affine = (name: string, kernel: Shape): ParameterSpec[] => {
  const initial = uniformByFanIn(sizeOf(kernel.slice(0, -1)));
  return [
    { name: `${name}/kernel`, shape: kernel, initial },
    { name: `${name}/bias`, shape: kernel.slice(-1), initial },
  ];
};

const constant = (name: string, size: number, value: number): ParameterSpec => ({
  name,
  shape: [size],
  initial: { kind: 'constant', value },
});

type Derived = Omit<Layer, 'spec' | 'input'>;

const plain = (output: Shape, otherOperations: number): Derived => ({
  output,
  parameters: [],
  statistics: [],
  macs: 0,
  otherOperations,
});

function derive(spec: LayerSpec, input: Shape): Derived {
  const { name } = spec;
  const channels = input.at(-1) ?? 0;
  switch (spec.kind) {
    case 'convolution': {
      const output = [...input.slice(0, -1), spec.outputs];
      const kernel = [3, 3, channels, spec.outputs];
      const positions = sizeOf(input.slice(0, -1));
      const parameters = affine(name, kernel);
      return { ...plain(output, sizeOf(output)), parameters, macs: positions * sizeOf(kernel) };
    }
    case 'batchNorm': {
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
    case 'relu':
      return plain(input, sizeOf(input));
    case 'maxPool': {
      const [height = 0, width = 0] = input;
      const output = [Math.floor(height / 2), Math.floor(width / 2), channels];
      return plain(output, 3 * sizeOf(output));
    }
    case 'flatten':
      return plain([sizeOf(input)], 0);
    case 'dropout':
      return plain(input, 0);
    case 'dense': {
      const parameters = affine(name, [channels, spec.outputs]);
      return { ...plain([spec.outputs], spec.outputs), parameters, macs: channels * spec.outputs };
    }
  }
}

/** The layers one after the other, each on the output of the one before. */
export function placeLayers(specs: readonly LayerSpec[], input: Shape): Layer[] {
  const layers: Layer[] = [];
  for (const spec of specs) {
    const own = layers.at(-1)?.output ?? input;
    layers.push({ spec, input: own, ...derive(spec, own) });
  }
  return layers;
}
