import { batchNormEpsilon } from '../../ops.ts';
import { defineTask } from '../threads/tasks.ts';

/** 1 / sqrt(variance + eps) */
const inverseDeviation = (variance: number): number => 1 / Math.sqrt(variance + batchNormEpsilon);

/** scale = gamma / sqrt(variance + eps), each [channels] */
export const scaleBatchNorm = defineTask(
  ['gamma', 'variance', 'scale', 'channels'],
  ({ viewOf }, { gamma, variance, scale, channels }) => {
    const [gammas, variances, scales] = [
      viewOf(gamma, channels),
      viewOf(variance, channels),
      viewOf(scale, channels),
    ];
    for (let k = 0; k < channels; k += 1) {
      scales[k] = (gammas[k] as number) * inverseDeviation(variances[k] as number);
    }
  },
);

/**
 * What `normalizeGradient` is called with, each [channels], from the sums over rows of dy, in `total`, and of
 * dy (x - mean), in `product`, which becomes the gradient by gamma.
 */
export const scaleBatchNormGradient = defineTask(
  ['gamma', 'variance', 'product', 'total', 'scale', 'slope', 'offset', 'channels', 'rows'],
  ({ viewOf }, { channels, rows, ...addresses }) => {
    const view = (name: keyof typeof addresses): Float32Array => viewOf(addresses[name], channels);
    const [gammas, variances] = [view('gamma'), view('variance')];
    const [products, totals] = [view('product'), view('total')];
    const [scales, slopes, offsets] = [view('scale'), view('slope'), view('offset')];
    for (let k = 0; k < channels; k += 1) {
      const inverse = inverseDeviation(variances[k] as number);
      const factor = (gammas[k] as number) * inverse;
      const product = products[k] as number;
      scales[k] = factor;
      slopes[k] = (factor * inverse * inverse * product) / rows;
      offsets[k] = (factor * (totals[k] as number)) / rows;
      products[k] = product * inverse;
    }
  },
);
