/** What the figures of a whole test set need of one run's epoch; NaN where undefined. */
export interface PredictionColumns {
  epoch: number;
  classes: number;
  /** [N] */
  exampleIds: Uint32Array;
  labels: Uint8Array;
  /** [N, classes] */
  probabilities: Float32Array;
  /** [N] each */
  inputCorrelation: Float32Array;
  energyInside: Float32Array;
  iou: Float32Array;
}

export interface Decisions {
  /** [N] */
  predictedClasses: Uint8Array;
  confidence: Float32Array;
  correct: boolean[];
}

/** The first of the most probable classes of every image, and its probability. */
export function decideAll({ classes, labels, probabilities }: PredictionColumns): Decisions {
  const predictedClasses = new Uint8Array(labels.length);
  const confidence = new Float32Array(labels.length);
  labels.forEach((_, i) => {
    const own = probabilities.subarray(i * classes, (i + 1) * classes);
    const largest = own.reduce((a, b) => Math.max(a, b), 0);
    confidence[i] = largest;
    predictedClasses[i] = own.indexOf(largest);
  });
  const correct = Array.from(labels, (label, i) => label === predictedClasses[i]);
  return { predictedClasses, confidence, correct };
}
