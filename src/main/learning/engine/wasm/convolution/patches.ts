import * as tf from '@tensorflow/tfjs';

/** x [B, H, W, C] with `padding` zeros above and on the left, then zeros or cuts to `side` a side. */
function fitTo(x: tf.Tensor4D, padding: number, side: number): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const missing = (size: number): [number, number] => [padding, Math.max(0, side - size - padding)];
  const grown = tf.pad(x, [[0, 0], missing(height), missing(width), [0, 0]]);
  return tf.slice(grown, [0, 0, 0, 0], [batch, side, side, channels]);
}

/** Every `stride`th row and column from each of the first ones on, row by row: of [B, n stride, n stride, C]. */
function splitPhases(x: tf.Tensor4D, stride: number): tf.Tensor4D[] {
  const [batch, height, width, channels] = x.shape;
  const [lines, columns] = [height / stride, width / stride];
  if (stride === 1) return [x];
  const rows = tf.split(
    tf.reshape(x, [batch * lines, stride, columns, stride * channels]),
    stride,
    1,
  );
  return rows.flatMap((row) =>
    tf
      .split(row, stride, 3)
      .map((phase): tf.Tensor4D => tf.reshape(phase, [batch, lines, columns, channels])),
  );
}

/**
 * A convolution of square images as one product of matrices: of what lies under each output, and of the
 * kernel. It takes no more multiplications with a stride than the outputs need, and its gradients are
 * products again; tfjs's kernels for a gradient with a stride are missing or naive.
 *
 * @param x [B, S, S, C]
 * @param kernel [k, k, C, K]
 * @returns [B, S', S', K], S' = floor((S + 2 padding - k) / stride) + 1
 */
export function convolvePatches(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  stride: number,
  padding: number,
): tf.Tensor4D {
  const [batch, size] = x.shape;
  const [kernelSize, , channels, outputs] = kernel.shape;
  const out = Math.floor((size + 2 * padding - kernelSize) / stride) + 1;
  const reach = out + Math.ceil(kernelSize / stride) - 1;
  const phases = splitPhases(fitTo(x, padding, reach * stride), stride);
  const taps = Array.from({ length: kernelSize }, (_, i) => i);
  const patches = taps.flatMap((row) =>
    taps.map((column) => {
      const phase = phases[(row % stride) * stride + (column % stride)] as tf.Tensor4D;
      const corner = [0, Math.floor(row / stride), Math.floor(column / stride), 0];
      return tf.slice(phase, corner, [batch, out, out, channels]);
    }),
  );
  const matrix = tf.reshape(tf.concat(patches, 3), [batch * out * out, -1]);
  const product = tf.matMul(matrix, tf.reshape(kernel, [-1, outputs]));
  return tf.reshape(product, [batch, out, out, outputs]);
}
