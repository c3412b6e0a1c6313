import type { NamedTensor } from '../../src/core/formats/safetensors.ts';

/**
 * `paper-cnn` in evaluation mode and its Grad-CAM for one image, in plain loops of doubles and by
 * hand-written derivatives: what the stored numbers are checked against.
 */

export type PlainWeights = Readonly<Record<string, NamedTensor>>;

/** An image of `channels` values a pixel, row by row. */
interface Feature {
  size: number;
  channels: number;
  values: Float64Array;
}

const at = (values: ArrayLike<number>, index: number): number => values[index] ?? Number.NaN;

function tensor(weights: PlainWeights, name: string): ArrayLike<number> {
  const found = weights[name];
  if (found === undefined) throw new Error(`no weight named ${name}`);
  return found.values;
}

/** Convolution 3x3 with one pixel of zeros around; kernel [3, 3, inputs, outputs]. */
function convolve(x: Feature, kernel: ArrayLike<number>, bias: ArrayLike<number>): Feature {
  const { size, channels: inputs } = x;
  const outputs = bias.length;
  const values = new Float64Array(size * size * outputs);
  for (let p = 0; p < size * size; p += 1) {
    const [row, column] = [Math.floor(p / size), p % size];
    for (let o = 0; o < outputs; o += 1) values[p * outputs + o] = at(bias, o);
    for (let tap = 0; tap < 9; tap += 1) {
      const [y, z] = [row + Math.floor(tap / 3) - 1, column + (tap % 3) - 1];
      if (y < 0 || z < 0 || y >= size || z >= size) continue;
      for (let i = 0; i < inputs; i += 1) {
        const value = at(x.values, (y * size + z) * inputs + i);
        const base = (tap * inputs + i) * outputs;
        for (let o = 0; o < outputs; o += 1) {
          values[p * outputs + o] = at(values, p * outputs + o) + value * at(kernel, base + o);
        }
      }
    }
  }
  return { size, channels: outputs, values };
}

/** Batch norm with stored statistics, then ReLU. */
function normalizeAndRectify(x: Feature, weights: PlainWeights, name: string): Feature {
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map((part) =>
    tensor(weights, `${name}/${part}`),
  ) as [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>, ArrayLike<number>];
  const values = x.values.map((value, index) => {
    const k = index % x.channels;
    const normal = (value - at(mean, k)) / Math.sqrt(at(variance, k) + 1e-5);
    return Math.max(0, at(gamma, k) * normal + at(beta, k));
  });
  return { ...x, values };
}

/** Where in `x` each value of its 2x2 max-pool comes from: the first of equals. */
function findMaxima({ size, channels, values }: Feature): { size: number; sources: number[] } {
  const half = Math.floor(size / 2);
  const sources: number[] = [];
  for (let p = 0; p < half * half; p += 1) {
    const corner = 2 * Math.floor(p / half) * size + 2 * (p % half);
    for (let k = 0; k < channels; k += 1) {
      const window = [corner, corner + 1, corner + size, corner + size + 1].map(
        (position) => position * channels + k,
      );
      sources.push(
        window.reduce((best, next) => (at(values, next) > at(values, best) ? next : best)),
      );
    }
  }
  return { size: half, sources };
}

function pool(x: Feature): Feature {
  const { size, sources } = findMaxima(x);
  return { size, channels: x.channels, values: Float64Array.from(sources, (i) => at(x.values, i)) };
}

/** x W + b; kernel [inputs, outputs]. */
function connect(
  x: Float64Array,
  kernel: ArrayLike<number>,
  bias: ArrayLike<number>,
): Float64Array {
  const outputs = bias.length;
  return Float64Array.from({ length: outputs }, (_, o) =>
    x.reduce((sum, value, i) => sum + value * at(kernel, i * outputs + o), at(bias, o)),
  );
}

const argMax = (values: Float64Array): number => values.indexOf(Math.max(...values));

function computeSoftmax(logits: Float64Array): Float64Array {
  const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

export interface PlainPrediction {
  probabilities: Float64Array;
  predictedClass: number;
  /** The native map of a class behind the third ReLU, [7, 7]. */
  camMapOf: (targetClass: number) => Float64Array;
}

/** @param image [28, 28], normalised as the model sees it */
export function predict(image: Float64Array, weights: PlainWeights): PlainPrediction {
  const block = (x: Feature, b: number): Feature => {
    const [kernel, bias] = [tensor(weights, `conv${b}/kernel`), tensor(weights, `conv${b}/bias`)];
    return normalizeAndRectify(convolve(x, kernel, bias), weights, `bn${b}`);
  };
  const input = { size: 28, channels: 1, values: image };
  const activations = block(pool(block(pool(block(input, 1)), 2)), 3);
  const maxima = findMaxima(activations);
  const [kernel1, kernel2] = [tensor(weights, 'dense1/kernel'), tensor(weights, 'dense2/kernel')];
  const hidden = connect(pool(activations).values, kernel1, tensor(weights, 'dense1/bias'));
  const rectified = hidden.map((value) => Math.max(0, value));
  const logits = connect(rectified, kernel2, tensor(weights, 'dense2/bias'));

  const camMapOf = (targetClass: number): Float64Array => {
    const { size, channels, values } = activations;
    const alpha = new Float64Array(channels);
    // Each pooled value hands its derivative to the one position that it comes from.
    maxima.sources.forEach((source, feature) => {
      let derivative = 0;
      hidden.forEach((value, h) => {
        if (value <= 0) return;
        const slope = at(kernel2, h * logits.length + targetClass);
        derivative += slope * at(kernel1, feature * hidden.length + h);
      });
      const k = source % channels;
      alpha[k] = at(alpha, k) + derivative / (size * size);
    });
    return Float64Array.from({ length: size * size }, (_, p) =>
      Math.max(
        0,
        alpha.reduce((sum, weight, k) => sum + weight * at(values, p * channels + k), 0),
      ),
    );
  };
  return { probabilities: computeSoftmax(logits), predictedClass: argMax(logits), camMapOf };
}
