import * as tf from '@tensorflow/tfjs';

/**
 * Values of a derivative of x Φ(x), Φ the normal distribution function: Φ(x) + x φ(x) is the first,
 * φ(x) (2 - x²) the second. Order 0 is the function itself.
 */
export type GeluDerivative = (x: tf.Tensor, order: number) => tf.Tensor;

/** A derivative of the GELU (Hendrycks and Gimpel 2016, the exact form), whose gradient is the next one. */
export const differentiableGelu =
  (compute: GeluDerivative): GeluDerivative =>
  (x, order) =>
    tf.customGrad((...given) => {
      const [values, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
      save([values]);
      return {
        value: compute(values, order),
        gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
          tf.mul(dy, differentiableGelu(compute)(saved as tf.Tensor, order + 1)),
      };
    })(x);

/** Φ(x) */
const distribution = (x: tf.Tensor): tf.Tensor =>
  tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
/** φ(x) */
const density = (x: tf.Tensor): tf.Tensor =>
  tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));

/** From tfjs's operations, up to the second. */
export const composeGelu: GeluDerivative = (x, order) => {
  if (order === 0) return tf.mul(x, distribution(x));
  if (order === 1) return tf.add(distribution(x), tf.mul(x, density(x)));
  return tf.mul(density(x), tf.sub(2, tf.square(x)));
};
