/** What the last layer is optimised on. */
export interface LastLayerProblem {
  /** [N, P], >= 0 */
  similarities: Float32Array;
  /** [N] */
  labels: Uint8Array;
  classes: number;
  /** λ of the absolute weights of other classes' prototypes. */
  sparsityWeight: number;
}

type Values = Float64Array;

/** Whether a weight of a kernel [P, classes] is of the class's own prototypes, which stand class after class. */
const isOwn = (index: number, size: number, classes: number): boolean =>
  Math.floor((Math.floor(index / classes) * classes * classes) / size) === index % classes;

/** The largest sum of a row of SᵀS / N: no eigenvalue of it is larger, since S >= 0. */
function boundCurvature({ similarities, labels }: LastLayerProblem): number {
  const images = labels.length;
  const count = similarities.length / images;
  const rows = new Float64Array(count);
  for (let n = 0; n < images; n += 1) {
    const own = similarities.subarray(n * count, (n + 1) * count);
    const total = own.reduce((sum, value) => sum + value, 0);
    for (let p = 0; p < count; p += 1) rows[p] = (rows[p] ?? 0) + (own[p] ?? 0) * total;
  }
  return rows.reduce((most, sum) => Math.max(most, sum), 0) / images;
}

/** Turns logits into the gradient of cross-entropy by them, softmax minus label; returns its value. */
function slopeOfLogits(logits: Values, label: number): number {
  const most = logits.reduce((largest, logit) => Math.max(largest, logit), -Infinity);
  const own = logits[label] ?? 0;
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0);
  logits.forEach((logit, c) => {
    logits[c] = Math.exp(logit - most) / total - Number(c === label);
  });
  return most + Math.log(total) - own;
}

/** Mean cross-entropy of a kernel [P, classes] over the images, and its gradient. */
function computeCrossEntropy(
  { similarities, labels, classes }: LastLayerProblem,
  kernel: Values,
): { value: number; gradient: Values } {
  const count = kernel.length / classes;
  const gradient = new Float64Array(kernel.length);
  const logits = new Float64Array(classes);
  let value = 0;
  for (let n = 0; n < labels.length; n += 1) {
    logits.fill(0);
    for (let p = 0; p < count; p += 1) {
      const s = similarities[n * count + p] ?? 0;
      for (let c = 0; c < classes; c += 1) {
        logits[c] = (logits[c] ?? 0) + s * (kernel[p * classes + c] ?? 0);
      }
    }
    value += slopeOfLogits(logits, labels[n] ?? 0) / labels.length;
    for (let p = 0; p < count; p += 1) {
      const s = (similarities[n * count + p] ?? 0) / labels.length;
      for (let c = 0; c < classes; c += 1) {
        const at = p * classes + c;
        gradient[at] = (gradient[at] ?? 0) + s * (logits[c] ?? 0);
      }
    }
  }
  return { value, gradient };
}

/** Nearer to 0 by so much, and no further than there. */
const shrink = (value: number, by: number): number =>
  Math.sign(value) * Math.max(0, Math.abs(value) - by);

/** What is minimised: mean cross-entropy + λ Σ |w| over weights of other classes' prototypes. */
export function measureLastLayer(problem: LastLayerProblem, kernel: ArrayLike<number>): number {
  const values = Float64Array.from(kernel);
  const { classes, sparsityWeight } = problem;
  const absolute = values.reduce(
    (sum, w, i) => sum + (isOwn(i, values.length, classes) ? 0 : Math.abs(w)),
    0,
  );
  return computeCrossEntropy(problem, values).value + sparsityWeight * absolute;
}

/**
 * Optimises the last layer alone, which is convex: the proximal gradient method with momentum (Beck and
 * Teboulle 2009), which begins anew where momentum leads uphill (O'Donoghue and Candès 2015). The step is
 * 1 over a bound of the curvature, half of the largest eigenvalue of SᵀS / N. Each `next` is one step over
 * all images.
 *
 * @param start kernel [P, classes]
 */
export function* optimizeLastLayer(
  problem: LastLayerProblem,
  start: Float32Array,
): Generator<Float32Array, never> {
  const { classes, sparsityWeight } = problem;
  const step = 1 / Math.max(boundCurvature(problem) / 2, Number.MIN_VALUE);
  let kernel = Float64Array.from(start);
  let ahead = kernel;
  let momentum = 1;
  for (;;) {
    const { gradient } = computeCrossEntropy(problem, ahead);
    const from = ahead;
    const next = from.map((w, i) => {
      const moved = w - step * (gradient[i] ?? 0);
      const by = isOwn(i, from.length, classes) ? 0 : step * sparsityWeight;
      return shrink(moved, by);
    });
    const before = kernel;
    const uphill = next.reduce(
      (sum, w, i) => sum + ((from[i] ?? 0) - w) * (w - (before[i] ?? 0)),
      0,
    );
    const following = uphill > 0 ? 1 : (1 + Math.sqrt(1 + 4 * momentum ** 2)) / 2;
    const share = uphill > 0 ? 0 : (momentum - 1) / following;
    ahead = next.map((w, i) => w + share * (w - (before[i] ?? 0)));
    [kernel, momentum] = [next, following];
    yield Float32Array.from(kernel);
  }
}
