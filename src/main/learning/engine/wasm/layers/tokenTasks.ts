import { defineTask } from '../threads/tasks.ts';

/** Loops over tokens that threads share; those of plain JavaScript, which the engine of Node compiles. */

const densityScale = 1 / Math.sqrt(2 * Math.PI);

/**
 * The error function's complement times exp(u²), for u >= 0, within 1.5e-7: formula 7.1.26 of Abramowitz
 * and Stegun.
 */
function scaledComplement(u: number): number {
  const t = 1 / (1 + 0.3275911 * u);
  return (
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  );
}

/** Elements of a unit of work. */
export const geluUnit = 4096;

/** A derivative of x Φ(x), with x [size]; `order` 0, 1 or 2. */
export const gelu = defineTask(
  ['x', 'out', 'size', 'order'],
  ({ viewOf }, { x, out, size, order }, from, to) => {
    const [values, results] = [viewOf(x, size), viewOf(out, size)];
    const end = Math.min(size, to * geluUnit);
    for (let i = from * geluUnit; i < end; i += 1) {
      const value = values[i] as number;
      const bell = Math.exp(-0.5 * value * value);
      const tail = 0.5 * bell * scaledComplement(Math.abs(value) * Math.SQRT1_2);
      const below = value < 0 ? tail : 1 - tail;
      if (order === 0) results[i] = value * below;
      else if (order === 1) results[i] = below + value * bell * densityScale;
      else results[i] = bell * densityScale * (2 - value * value);
    }
  },
);

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
