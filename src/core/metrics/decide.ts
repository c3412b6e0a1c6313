/** What the probabilities of one image say. */
export interface Decision {
  /** The first of the most probable classes. */
  predictedClass: number;
  /** Largest probability. */
  confidence: number;
  /** Largest minus second-largest probability. */
  confidenceMargin: number;
}

/** What the `classes` probabilities from `start` on say. */
export function decide(probabilities: Float32Array, start: number, classes: number): Decision {
  let [predictedClass, confidence, second] = [0, -1, -1];
  for (let k = 0; k < classes; k += 1) {
    const probability = probabilities[start + k] ?? 0;
    if (probability > confidence) {
      [predictedClass, second, confidence] = [k, confidence, probability];
    } else if (probability > second) {
      second = probability;
    }
  }
  return { predictedClass, confidence, confidenceMargin: confidence - Math.max(second, 0) };
}
