import * as tf from '@tensorflow/tfjs';

/**
 * Softmax over the last axis, x [..., K]. The gradient of tfjs's own reads the result that it saved, through
 * which no second gradient flows: tfjs notes the copy on its tape before the result. Here the gradient
 * computes it again.
 */
export function softmax(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((...given) => {
    const [scores, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
    save([scores]);
    return {
      value: tf.softmax(scores),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => {
        const y = softmax(saved as tf.Tensor);
        const product = tf.mul(dy, y);
        return tf.sub(product, tf.mul(tf.sum(product, -1, true), y));
      },
    };
  })(x);
}
