import * as tf from '@tensorflow/tfjs';
import { AfterimageError } from '../../../core/errors.ts';
import { sizeOf, type Initial, type ParameterSpec } from '../../../core/models/layers.ts';
import type { Random } from '../../../core/random.ts';
import type { NamedTensor } from '../../../core/formats/safetensors.ts';

/** Tensors by parameter name. */
export type Weights = Readonly<Record<string, tf.Tensor>>;

export const totalSize = (specs: readonly ParameterSpec[]): number =>
  specs.reduce((total, { shape }) => total + sizeOf(shape), 0);

/** @param columns of the tensor, its last axis */
function fillInitially(
  values: Float32Array,
  columns: number,
  initial: Initial,
  random: Random,
): void {
  const draw = (i: number): number => {
    switch (initial.kind) {
      case 'constant':
        return initial.value;
      case 'uniform': {
        const { bound, centre = 0 } = initial;
        return random.uniform(centre - bound, centre + bound);
      }
      case 'normal':
        return random.normal(initial.deviation);
      case 'blocks': {
        const rowsPerBlock = values.length / columns ** 2;
        return Math.floor(i / columns / rowsPerBlock) === i % columns
          ? initial.inside
          : initial.outside;
      }
    }
  };
  for (let i = 0; i < values.length; i += 1) values[i] = draw(i);
}

/** Initial values of all parameters, one after the other in the order of `specs`. */
export function initializeParameters(
  specs: readonly ParameterSpec[],
  random: Random,
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(totalSize(specs));
  let offset = 0;
  for (const spec of specs) {
    const end = offset + sizeOf(spec.shape);
    fillInitially(values.subarray(offset, end), spec.shape.at(-1) ?? 1, spec.initial, random);
    offset = end;
  }
  return values;
}

/** Cuts a flat vector [totalSize] into the named tensors; differentiable. */
export function splitParameters(flat: tf.Tensor1D, specs: readonly ParameterSpec[]): Weights {
  if (specs.length === 0) return {};
  const parts = tf.split(
    flat,
    specs.map(({ shape }) => sizeOf(shape)),
  );
  return Object.fromEntries(
    specs.map((spec, i) => [spec.name, tf.reshape(parts[i] as tf.Tensor, [...spec.shape])]),
  );
}

/** The same cut on plain values, for files. */
export function nameParameters(
  flat: Float32Array,
  specs: readonly ParameterSpec[],
): Record<string, NamedTensor> {
  let offset = 0;
  const named: Record<string, NamedTensor> = {};
  for (const spec of specs) {
    const end = offset + sizeOf(spec.shape);
    named[spec.name] = { shape: spec.shape, values: flat.slice(offset, end) };
    offset = end;
  }
  return named;
}

/** The way back: named tensors as one flat vector in the order of `specs`; CORRUPT_INPUT if one lacks. */
export function flattenParameters(
  named: Readonly<Record<string, NamedTensor>>,
  specs: readonly ParameterSpec[],
): Float32Array {
  const flat = new Float32Array(totalSize(specs));
  let offset = 0;
  for (const spec of specs) {
    const values = named[spec.name]?.values;
    if (!(values instanceof Float32Array) || values.length !== sizeOf(spec.shape)) {
      throw new AfterimageError(
        'CORRUPT_INPUT',
        `The weights do not fit the network: ${spec.name} is missing or of another size.`,
        'Check the history with `verify`.',
      );
    }
    flat.set(values, offset);
    offset += values.length;
  }
  return flat;
}
