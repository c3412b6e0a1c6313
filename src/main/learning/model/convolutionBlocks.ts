import type { Layer } from '../../../core/models/layers.ts';

/** Numbers of a convolution, of the batch norm of what it gives and of the ReLU behind. */
export interface ConvolutionBlock {
  convolution: number;
  norm: number;
  relu: number;
}

/** The only layer that reads what layer `number` gives, if there is only one. */
function findReader(layers: readonly Layer[], number: number): number | null {
  const readers = layers.flatMap(({ sources }, reader) => (sources.includes(number) ? reader : []));
  return readers.length === 1 ? (readers[0] ?? null) : null;
}

/**
 * Convolutions among the layers `numbers` whose batch norm and ReLU are among them too, and which nobody
 * else reads: the three can be one, since what lies between them is not asked for.
 */
export function findConvolutionBlocks(
  layers: readonly Layer[],
  numbers: readonly number[],
): ConvolutionBlock[] {
  const readBy = (number: number, kind: Layer['spec']['kind']): number | null => {
    const reader = findReader(layers, number);
    if (reader === null || !numbers.includes(reader)) return null;
    return layers[reader]?.spec.kind === kind ? reader : null;
  };
  return numbers.flatMap((convolution) => {
    if (layers[convolution]?.spec.kind !== 'convolution') return [];
    const norm = readBy(convolution, 'batchNorm');
    const relu = norm === null ? null : readBy(norm, 'relu');
    return norm === null || relu === null ? [] : [{ convolution, norm, relu }];
  });
}
