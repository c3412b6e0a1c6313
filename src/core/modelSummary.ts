/** What one layer costs for one image in evaluation mode. */
export interface LayerCost {
  name: string;
  /** Output shape without the batch axis. */
  output: readonly number[];
  parameters: number;
  /** Multiply-accumulate operations of convolutions and dense layers. */
  macs: number;
  /** Every other arithmetic operation: see `otherOperations`. */
  otherOperations: number;
}

export interface ModelSummary {
  layers: LayerCost[];
  parameters: number;
  macs: number;
  /** 2 * macs + otherOperations. */
  flops: number;
}

/** How `otherOperations` counts, for a reader of the figure. */
export const flopsCounting =
  'FLOPs = 2 × MACs + one addition per bias, two operations per batch-norm output, one comparison per ReLU output and three per max-pool output; dropout is off.';

/** The paper's own count of paper-cnn at 28x28; its rule is not stated. */
export const paperFlops = 16.53e6;

function countBlock(block: number, size: number, inputs: number, outputs: number): LayerCost[] {
  const cells = size * size * outputs;
  const half = Math.floor(size / 2);
  const kernel = 9 * inputs * outputs;
  const same = { output: [size, size, outputs], macs: 0 };
  return [
    {
      name: `conv${block}`,
      output: same.output,
      parameters: kernel + outputs,
      macs: size * size * kernel,
      otherOperations: cells,
    },
    { ...same, name: `bn${block}`, parameters: 2 * outputs, otherOperations: 2 * cells },
    { ...same, name: `relu${block}`, parameters: 0, otherOperations: cells },
    {
      name: `pool${block}`,
      output: [half, half, outputs],
      parameters: 0,
      macs: 0,
      otherOperations: 3 * half * half * outputs,
    },
  ];
}

const countDense = (name: string, inputs: number, outputs: number): LayerCost => ({
  name,
  output: [outputs],
  parameters: inputs * outputs + outputs,
  macs: inputs * outputs,
  otherOperations: outputs,
});

/** Costs of `paper-cnn` for square grey images of `imageSize` pixels a side. */
export function summarizePaperCnn(imageSize: number, classes: number): ModelSummary {
  const layers: LayerCost[] = [];
  let [size, inputs] = [imageSize, 1];
  [32, 64, 128].forEach((outputs, i) => {
    layers.push(...countBlock(i + 1, size, inputs, outputs));
    [size, inputs] = [Math.floor(size / 2), outputs];
  });
  const hidden = 256;
  layers.push(countDense('dense1', size * size * inputs, hidden));
  layers.push({ name: 'relu', output: [hidden], parameters: 0, macs: 0, otherOperations: hidden });
  layers.push(countDense('dense2', hidden, classes));
  const total = (of: (layer: LayerCost) => number): number =>
    layers.reduce((sum, layer) => sum + of(layer), 0);
  const macs = total((layer) => layer.macs);
  const flops = 2 * macs + total((layer) => layer.otherOperations);
  return { layers, parameters: total((layer) => layer.parameters), macs, flops };
}
