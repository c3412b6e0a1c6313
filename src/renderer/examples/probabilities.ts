import { decide } from '../../core/metrics/decide.ts';

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
    const decision = decide(probabilities, row * classes, classes);
    predictedClasses[row] = decision.predictedClass;
    confidence[row] = decision.confidence;
    confidenceMargin[row] = decision.confidenceMargin;
  }
  return { predictedClasses, confidence, confidenceMargin };
}
