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

/**
 * SᵀS / 2N, [P, P]: with it for each class, the second derivatives of the cross-entropy are nowhere larger
 * (Böhning 1992).
 */
function boundCurvature({ similarities, labels }: LastLayerProblem): Values {
  const images = labels.length;
  const count = similarities.length / images;
  const bound = new Float64Array(count ** 2);
  for (let n = 0; n < images; n += 1) {
    const own = similarities.subarray(n * count, (n + 1) * count);
    for (let p = 0; p < count; p += 1) {
      const share = (own[p] ?? 0) / (2 * images);
      for (let q = 0; q < count; q += 1) {
        bound[p * count + q] = (bound[p * count + q] ?? 0) + share * (own[q] ?? 0);
      }
    }
  }
  return bound;
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

/** Most times that a step looks at each weight, and the change below which it is content. */
const [sweeps, precision] = [100, 1e-7];

/** A class's weights [P] around which the cross-entropy is bounded, with its gradient and what each |w| costs. */
interface Bounded {
  weights: Values;
  gradient: Values;
  costs: Values;
}

/** The least of the bound plus the costs, weight by weight; of prototypes like nothing, 0. */
function descend(curvature: Values, { weights, gradient, costs }: Bounded): Values {
  const count = weights.length;
  const best = weights.slice();
  const slopes = gradient.slice();
  for (let sweep = 0, most = Infinity; sweep < sweeps && most > precision; sweep += 1) {
    most = 0;
    for (let p = 0; p < count; p += 1) {
      const own = curvature[p * count + p] ?? 0;
      if (own === 0) continue;
      const before = best[p] ?? 0;
      const after = shrink(before - (slopes[p] ?? 0) / own, (costs[p] ?? 0) / own);
      const change = after - before;
      if (change === 0) continue;
      best[p] = after;
      most = Math.max(most, Math.abs(change));
      for (let q = 0; q < count; q += 1) {
        slopes[q] = (slopes[q] ?? 0) + change * (curvature[p * count + q] ?? 0);
      }
    }
  }
  return best;
}

/** One step from a kernel [P, classes]: each class by itself. */
function takeStep(problem: LastLayerProblem, curvature: Values, from: Values): Values {
  const { classes, sparsityWeight } = problem;
  const { gradient } = computeCrossEntropy(problem, from);
  const next = new Float64Array(from.length);
  const ofClass = (values: Values, c: number): Values => values.filter((_, i) => i % classes === c);
  const costs = from.map((_, i) => (isOwn(i, from.length, classes) ? 0 : sparsityWeight));
  for (let c = 0; c < classes; c += 1) {
    const [weights, slopes, own] = [from, gradient, costs].map((values) => ofClass(values, c));
    const bounded = { weights, gradient: slopes, costs: own } as Bounded;
    descend(curvature, bounded).forEach((weight, p) => {
      next[p * classes + c] = weight;
    });
  }
  return next;
}

/**
 * Optimises the last layer alone, which is convex: steps to the least of a bound (Krishnapuram et al. 2005),
 * with momentum (Beck and Teboulle 2009) that begins anew where it leads uphill (O'Donoghue and Candès
 * 2015). Each `next` is one step over all images.
 *
 * @param start kernel [P, classes]
 */
export function* optimizeLastLayer(
  problem: LastLayerProblem,
  start: Float32Array,
): Generator<Float32Array, never> {
  const curvature = boundCurvature(problem);
  let kernel: Values = Float64Array.from(start);
  let ahead = kernel;
  let momentum = 1;
  for (;;) {
    const [from, before] = [ahead, kernel];
    const next = takeStep(problem, curvature, from);
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
