import { enlargeMap, type Method } from './method.ts';

/** Turns of the power iteration, of which a handful do unless two components are all but equal. */
const mostTurns = 10_000;
/** Change of the direction, of length 1, at which it is taken to stand. */
const tolerance = 1e-10;

/** The activations less each channel's mean, [positions, K]. */
function centre(activations: Float32Array, channels: number): Float64Array {
  const positions = activations.length / channels;
  const means = new Float64Array(channels);
  activations.forEach((value, i) => {
    means[i % channels] = (means[i % channels] ?? 0) + value / positions;
  });
  return Float64Array.from(activations, (value, i) => value - (means[i % channels] ?? 0));
}

/** rows · v, of rows [n, K] */
const project = (rows: Float64Array, v: Float64Array): Float64Array =>
  Float64Array.from({ length: rows.length / v.length }, (_, row) =>
    v.reduce((sum, value, k) => sum + value * (rows[row * v.length + k] ?? 0), 0),
  );

function normalize(v: Float64Array): Float64Array {
  const length = Math.hypot(...v);
  return length === 0 ? v : v.map((value) => value / length);
}

/** One turn: rowsᵀ (rows · v), at length 1. */
function turn(rows: Float64Array, v: Float64Array): Float64Array {
  const scores = project(rows, v);
  const next = new Float64Array(v.length);
  scores.forEach((score, row) => {
    for (let k = 0; k < v.length; k += 1) {
      next[k] = (next[k] ?? 0) + score * (rows[row * v.length + k] ?? 0);
    }
  });
  return normalize(next);
}

/** The longest row: it has a part along the direction of most variance, but for one chance in none. */
function longestRow(rows: Float64Array, channels: number): Float64Array {
  const lengths = Array.from({ length: rows.length / channels }, (_, row) =>
    Math.hypot(...rows.subarray(row * channels, (row + 1) * channels)),
  );
  const longest = lengths.indexOf(Math.max(...lengths));
  return normalize(rows.slice(longest * channels, (longest + 1) * channels));
}

/** The first right singular vector of rows [n, K], by power iteration; zeros where the rows are. */
function findFirstDirection(rows: Float64Array, channels: number): Float64Array {
  let v = longestRow(rows, channels);
  for (let i = 0; i < mostTurns; i += 1) {
    const next = turn(rows, v);
    const change = Math.hypot(...next.map((value, k) => value - (v[k] ?? 0)));
    v = next;
    if (change < tolerance) break;
  }
  return v;
}

/**
 * Activations [h, w, K] projected onto their first principal component, [h, w]. A component has no
 * sign of its own: the largest value is made positive.
 */
export function projectOnFirstComponent(activations: Float32Array, channels: number): Float32Array {
  const rows = centre(activations, channels);
  const scores = project(rows, findFirstDirection(rows, channels));
  const sign = Math.max(...scores) < -Math.min(...scores) ? -1 : 1;
  return Float32Array.from(scores, (score) => sign * score);
}

/** Eigen-CAM. */
export const explainByEigencam: Method<'eigencam'> = (network, { image }) => {
  const { channels } = network.layer;
  const scores = projectOnFirstComponent(network.activations(image), channels);
  return enlargeMap(
    scores.map((score) => Math.max(0, score)),
    network,
  );
};
