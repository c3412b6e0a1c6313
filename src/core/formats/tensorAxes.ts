import { sizeOf } from '../models/layers.ts';
import type { NamedTensor } from './safetensors.ts';

/** A tensor of floats with its axes in another order: axis i of the result is axis `order[i]` of the given one. */
export function permuteAxes(
  { shape, values }: NamedTensor,
  order: readonly number[],
): { shape: number[]; values: Float32Array } {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const axes = order.map((axis) => ({ size: shape[axis] ?? 1, stride: strides[axis] ?? 1 }));
  const permuted = Float32Array.from(values, (_, to) => {
    let [rest, from] = [to, 0];
    for (const { size, stride } of axes.toReversed()) {
      from += (rest % size) * stride;
      rest = Math.floor(rest / size);
    }
    return values[from] ?? 0;
  });
  return { shape: axes.map(({ size }) => size), values: permuted };
}
