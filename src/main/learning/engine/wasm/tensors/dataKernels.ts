import * as tf from '@tensorflow/tfjs';
import { floatBytes } from '../module/moduleFunctions.ts';
import { registerKernel, type KernelCall } from '../register.ts';

/** A second tensor on the same memory, which lives as long as either; tfjs's kernel copies. */
function identity({ instance, input }: KernelCall<object>): tf.TensorInfo {
  return instance.share(input('x'));
}

/** Parts of x along an axis, each copied once; tfjs's kernel reads all of x for each. */
function split({
  instance,
  input,
  attributes,
  fallBack,
}: KernelCall<
  { numOrSizeSplits: number | number[]; axis: number },
  tf.TensorInfo[]
>): tf.TensorInfo[] {
  const x = input('x');
  if (x.dtype !== 'float32') return fallBack();
  const [axis = 0] = tf.util.parseAxisParam(attributes.axis, x.shape);
  const sizes = tf.backend_util.prepareSplitSize(x, attributes.numOrSizeSplits, axis);
  const rows = tf.util.sizeFromShape(x.shape.slice(0, axis));
  const stepBytes = tf.util.sizeFromShape(x.shape.slice(axis + 1)) * floatBytes;
  let source = instance.addressOf(x);
  return sizes.map((size) => {
    const part = instance.makeOutput(x.shape.map((whole, i) => (i === axis ? size : whole)));
    const bytes = size * stepBytes;
    instance.divided.copyRows({
      source,
      sourceStep: (x.shape[axis] ?? 1) * stepBytes,
      target: instance.addressOf(part),
      targetStep: bytes,
      rows,
      bytes,
    });
    source += bytes;
    return part;
  });
}

/** Tensors side by side along an axis, each copied once. */
function concat({
  instance,
  inputs,
  attributes,
  fallBack,
}: KernelCall<{ axis: number }>): tf.TensorInfo {
  const parts = inputs().filter(({ shape }) => tf.util.sizeFromShape(shape) > 0);
  if (parts.length < 2 || parts.some(({ dtype }) => dtype !== 'float32')) return fallBack();
  const shapes = parts.map(({ shape }) => shape);
  const [axis = 0] = tf.util.parseAxisParam(attributes.axis, shapes[0] ?? []);
  tf.backend_util.assertParamsConsistent(shapes, axis);
  const out = instance.makeOutput(tf.backend_util.computeOutShape(shapes, axis));
  const bytesOf = (shape: number[]): number =>
    tf.util.sizeFromShape(shape.slice(axis)) * floatBytes;
  let target = instance.addressOf(out);
  for (const part of parts) {
    const bytes = bytesOf(part.shape);
    instance.divided.copyRows({
      source: instance.addressOf(part),
      sourceStep: bytes,
      target,
      targetStep: bytesOf(out.shape),
      rows: tf.util.sizeFromShape(part.shape.slice(0, axis)),
      bytes,
    });
    target += bytes;
  }
  return out;
}

/** A scalar in any shape, as conditions of `tf.where` are; tfjs's kernel computes every index. */
function tile({
  instance,
  input,
  attributes,
  fallBack,
}: KernelCall<{ reps: number[] }>): tf.TensorInfo {
  const x = input('x');
  if (x.dtype === 'string' || tf.util.sizeFromShape(x.shape) !== 1) return fallBack();
  const out = instance.makeOutput(
    attributes.reps.map((n, i) => n * (x.shape[i] ?? 1)),
    x.dtype,
  );
  const size = tf.util.sizeFromShape(out.shape);
  const width = tf.util.bytesPerElement(x.dtype);
  const [from, to] = [instance.addressOf(x), instance.addressOf(out)];
  const bytes = instance.bytesOf(to, size * width);
  bytes.set(instance.bytesOf(from, width));
  for (let filled = width; filled < bytes.length; filled *= 2) {
    bytes.copyWithin(filled, 0, Math.min(filled, bytes.length - filled));
  }
  return out;
}

export function registerDataMovement(): void {
  registerKernel('Identity', identity);
  registerKernel('SplitV', split);
  registerKernel('Concat', concat);
  registerKernel('Tile', tile);
}
