/** What a gallery and a scrubber need of softmax outputs, for n rows. */
export interface Verdicts {
  /** [n], the class with the largest probability, the first of equals. */
  predictedClasses: Uint8Array;
  /** [n], largest probability. */
  confidence: Float32Array;
  /** [n], largest minus second-largest probability. */
  confidenceMargin: Float32Array;
}

/** @param probabilities [n, classes] */
export function computeVerdicts(probabilities: Float32Array, classes: number): Verdicts {
  const n = classes === 0 ? 0 : probabilities.length / classes;
  const predictedClasses = new Uint8Array(n);
  const confidence = new Float32Array(n);
  const confidenceMargin = new Float32Array(n);
  for (let row = 0; row < n; row += 1) {
    let [best, largest, second] = [0, -Infinity, -Infinity];
    for (let k = 0; k < classes; k += 1) {
      const value = probabilities[row * classes + k] ?? 0;
      if (value > largest) [best, largest, second] = [k, value, largest];
      else if (value > second) second = value;
    }
    predictedClasses[row] = best;
    confidence[row] = largest;
    confidenceMargin[row] = largest - Math.max(second, 0);
  }
  return { predictedClasses, confidence, confidenceMargin };
}
