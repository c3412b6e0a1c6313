import * as tf from '@tensorflow/tfjs';
import { stopGradient } from '../../engine/ops.ts';

/** Keeps a similarity finite where a patch is a prototype. */
export const similarityEpsilon = 1e-4;

/** Of rows x [N, D] and points [P, D], g [N, P] -> 2 Σ g (x - p), by x [N, D] and with the other sign by p [P, D]. */
function pullApart(g: tf.Tensor, x: tf.Tensor, points: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const byRow = tf.sub(tf.mul(x, tf.sum(g, 1, true)), tf.matMul(g, points));
  const perPoint = tf.reshape(tf.sum(g, 0), [-1, 1]);
  const byPoint = tf.sub(tf.mul(points, perPoint), tf.matMul(g, x, true));
  return [tf.mul(byRow, 2), tf.mul(byPoint, 2)];
}

/** Differences that are held at a time, values. */
const mostDifferences = 2 ** 22;

/** Rows [N, D] in pieces, whose differences to all points [P, D] are few enough. */
function computeInPieces(rows: tf.Tensor, points: tf.Tensor): tf.Tensor {
  const [count = 0] = rows.shape;
  const most = Math.max(1, Math.floor(mostDifferences / points.size));
  const pieces = Array.from({ length: Math.ceil(count / most) }, (_, i) =>
    Math.min(most, count - i * most),
  );
  const parts = tf.split(rows, pieces).map((part) => {
    const apart = tf.squaredDifference(tf.expandDims(part, 1), tf.expandDims(points, 0));
    return tf.sum(apart, 2);
  });
  return tf.concat(parts);
}

/**
 * Squared distances of rows to points, each from its differences: products of matrices would lose what
 * tells near points apart. Its gradient is made of such products.
 *
 * @param rows [N, D]
 * @param points [P, D]
 * @returns [N, P], >= 0
 */
function squareDistances(rows: tf.Tensor, points: tf.Tensor): tf.Tensor {
  return tf.customGrad((...given) => {
    const [x, p, save] = given as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    save([x, p]);
    return {
      value: computeInPieces(x, p),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        pullApart(dy, ...(saved as [tf.Tensor, tf.Tensor])),
    };
  })(rows, points);
}

/**
 * The squared distance of each position of a map to each prototype (Chen et al. 2019, with patches of one
 * position).
 *
 * @param map [B, h, w, D]
 * @param vectors [P, D]
 * @returns [B, h, w, P], >= 0
 */
export function measureDistances(map: tf.Tensor, vectors: tf.Tensor): tf.Tensor {
  const [, height = 0, width = 0, channels = 0] = map.shape;
  const distances = squareDistances(tf.reshape(map, [-1, channels]), vectors);
  return tf.reshape(distances, [-1, height, width, vectors.shape.at(0) ?? 0]);
}

/** The least over the last axis, [..., N] -> [...]; of equal ones the first takes the gradient. */
export function takeLeast(x: tf.Tensor): tf.Tensor {
  const count = x.shape.at(-1) ?? 0;
  if (count === 1) return tf.reshape(x, x.shape.slice(0, -1));
  const rows = tf.reshape(x, [-1, count]);
  const first = tf.cast(tf.oneHot(tf.argMax(tf.neg(rows), 1), count), 'float32');
  const least = tf.sum(tf.mul(rows, stopGradient(first)), 1);
  return tf.reshape(least, x.shape.slice(0, -1));
}

/** The least over all positions, [B, h, w, P] -> [B, P]; of equal ones the first, row by row. */
export function takeNearest(distances: tf.Tensor): tf.Tensor {
  const [, height = 0, width = 0, count = 0] = distances.shape;
  const flat = tf.reshape(distances, [-1, height * width, count]);
  return takeLeast(tf.transpose(flat, [0, 2, 1]));
}

/** ln((d + 1) / (d + 1e-4)) of squared distances d. */
export const computeSimilarity = (distances: tf.Tensor): tf.Tensor =>
  tf.log(tf.div(tf.add(distances, 1), tf.add(distances, similarityEpsilon)));

/** 1 / (1 + e^-x). The gradient of tfjs's own reads the result that it saved: see `softmax.ts`. */
export function sigmoid(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((...given) => {
    const [values, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
    save([values]);
    return {
      value: tf.sigmoid(values),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => {
        const y = sigmoid(saved as tf.Tensor);
        return tf.mul(dy, tf.mul(y, tf.sub(1, y)));
      },
    };
  })(x);
}
