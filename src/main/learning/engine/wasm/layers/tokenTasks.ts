import { defineTask } from '../threads/tasks.ts';

/** Loops over tokens that threads share; those of plain JavaScript, which the engine of Node compiles. */

/** Mean of a row, and one over the root of its variance and epsilon. */
export function measureRow(
  values: Float32Array,
  start: number,
  end: number,
  epsilon: number,
): [number, number] {
  let sum = 0;
  for (let i = start; i < end; i += 1) sum += values[i] as number;
  const mean = sum / (end - start);
  let squares = 0;
  for (let i = start; i < end; i += 1) squares += ((values[i] as number) - mean) ** 2;
  return [mean, 1 / Math.sqrt(squares / (end - start) + epsilon)];
}

/** x [rows, channels], gamma and beta [channels] -> out like x; a row is a unit. */
export const layerNorm = defineTask(
  ['x', 'gamma', 'beta', 'out', 'rows', 'channels', 'epsilon'],
  ({ viewOf }, { x, gamma, beta, out, rows, channels, epsilon }, from, to) => {
    const [values, results] = [viewOf(x, rows * channels), viewOf(out, rows * channels)];
    const [scales, shifts] = [viewOf(gamma, channels), viewOf(beta, channels)];
    for (let start = from * channels; start < to * channels; start += channels) {
      const [mean, inverse] = measureRow(values, start, start + channels, epsilon);
      for (let k = 0; k < channels; k += 1) {
        const normalized = ((values[start + k] as number) - mean) * inverse;
        results[start + k] = normalized * (scales[k] as number) + (shifts[k] as number);
      }
    }
  },
);
