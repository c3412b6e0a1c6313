import * as tf from '@tensorflow/tfjs';
import { planWindows } from '../../../core/models/windows.ts';
import { softmax } from '../engine/softmax.ts';

/** What attention multiplies with: qkv [K, 3K], [3K]; projection [K, K], [K]; bias [(2w - 1)², heads]. */
export interface AttentionWeights {
  qkv: tf.Tensor2D;
  qkvBias: tf.Tensor1D;
  projection: tf.Tensor2D;
  projectionBias: tf.Tensor1D;
  positionBias: tf.Tensor2D;
}

/** Moved by `shift` rows and columns around the edges, against their order. */
function roll(x: tf.Tensor, shift: number): tf.Tensor {
  const [, height = 0, width = 0] = x.shape;
  if (shift === 0) return x;
  const rows = tf.split(x, [shift, height - shift], 1);
  const [left, right] = tf.split(tf.concat(rows.toReversed(), 1), [shift, width - shift], 2);
  return tf.concat([right as tf.Tensor, left as tf.Tensor], 2);
}

/** x [B, S, S, K] -> [B windows, w², K], window after window */
function cutWindows(x: tf.Tensor, window: number): tf.Tensor3D {
  const [, side = 0, , channels = 0] = x.shape;
  const perSide = side / window;
  const lines = tf.reshape(x, [-1, window, perSide, window * channels]);
  return tf.reshape(tf.transpose(lines, [0, 2, 1, 3]), [-1, window * window, channels]);
}

/** The way back. */
function joinWindows(windows: tf.Tensor, side: number, window: number): tf.Tensor4D {
  const perSide = side / window;
  const channels = windows.shape.at(-1) ?? 0;
  const lines = tf.reshape(windows, [-1, perSide, window, window * channels]);
  return tf.reshape(tf.transpose(lines, [0, 2, 1, 3]), [-1, side, side, channels]);
}

/** The bias of each pair of places in a window: [heads, w², w²]. As a product, since its gradient is one too. */
function spreadBias(positionBias: tf.Tensor2D, relative: Int32Array, tokens: number): tf.Tensor {
  const [positions, heads] = positionBias.shape;
  const which = tf.cast(tf.oneHot(tf.tensor1d(relative, 'int32'), positions), 'float32');
  const pairs = tf.matMul<tf.Tensor2D>(which, positionBias);
  return tf.reshape(tf.transpose(pairs), [1, heads, tokens, tokens]);
}

/** x [N, w², features] by a matrix and a bias */
const project = (x: tf.Tensor, matrix: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor => {
  const rows = tf.reshape(x, [-1, matrix.shape[0]]);
  return tf.add(tf.matMul(rows, matrix), bias);
};

/**
 * Attention of the tokens of a map inside windows that are shifted against the map's edges
 * (Liu et al. 2021): softmax(q kᵀ / sqrt(d) + position bias + mask) v for each head.
 *
 * @param x [B, S, S, K]
 * @returns [B, S, S, K]
 */
export function attendInWindows(
  x: tf.Tensor4D,
  weights: AttentionWeights,
  { heads, window, shift }: { heads: number; window: number; shift: number },
): tf.Tensor4D {
  const [, size, , channels] = x.shape;
  const { side, relative, mask, hasMask } = planWindows(size, window, shift);
  const [tokens, depth, missing] = [window ** 2, channels / heads, side - size];
  const filled =
    missing === 0
      ? x
      : tf.pad(x, [
          [0, 0],
          [0, missing],
          [0, missing],
          [0, 0],
        ]);
  const windows = cutWindows(roll(filled, shift), window);
  const projected = project(windows, weights.qkv, weights.qkvBias);
  const [q, k, v] = tf.split(projected, 3, 1).map((part) => {
    const byToken = tf.reshape(part, [-1, tokens, heads, depth]);
    return tf.transpose(byToken, [0, 2, 1, 3]);
  }) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const products = tf.matMul(tf.mul(q, depth ** -0.5), k, false, true);
  const biased = tf.add(products, spreadBias(weights.positionBias, relative, tokens));
  const scores = hasMask ? addMask(biased, mask, (side / window) ** 2) : biased;
  const attended = tf.transpose(tf.matMul(softmax(scores), v), [0, 2, 1, 3]);
  const merged = project(attended, weights.projection, weights.projectionBias);
  const joined = roll(joinWindows(merged, side, window), side - shift);
  return tf.slice(joined, [0, 0, 0, 0], [-1, size, size, channels]) as tf.Tensor4D;
}

/** scores [B windows, heads, w², w²] plus what each window has of the mask */
function addMask(scores: tf.Tensor, mask: Float32Array, windows: number): tf.Tensor {
  const [, heads = 1, tokens = 1] = scores.shape;
  const byWindow = tf.reshape(scores, [-1, windows, heads, tokens * tokens]);
  const masked = tf.add(byWindow, tf.tensor(mask, [1, windows, 1, tokens * tokens]));
  return tf.reshape(masked, [-1, heads, tokens, tokens]);
}
