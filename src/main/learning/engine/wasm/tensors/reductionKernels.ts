import * as tf from '@tensorflow/tfjs';
import type { WasmInstance } from '../module/instance.ts';
import { floatBytes } from '../module/moduleFunctions.ts';
import { registerKernel, type KernelCall } from '../register.ts';
import { sumInBlocks } from './sums.ts';

interface Attributes {
  axis?: number | number[];
  keepDims?: boolean;
}

const product = (shape: readonly number[]): number => tf.util.sizeFromShape([...shape]);

/** The shape as [outer, reduced, inner], or null where the reduced axes are not side by side. */
function groupAxes(shape: readonly number[], axes: readonly number[]) {
  const sorted = [...axes].sort((a, b) => a - b);
  const [first = 0] = sorted;
  const end = first + sorted.length;
  if (sorted.some((axis, i) => axis !== first + i)) return null;
  return {
    outer: product(shape.slice(0, first)),
    reduced: product(shape.slice(first, end)),
    inner: product(shape.slice(end)),
  };
}

type Groups = NonNullable<ReturnType<typeof groupAxes>>;

/** Adds up the middle of [outer, reduced, inner]. */
function sumMiddle(
  instance: WasmInstance,
  x: tf.TensorInfo,
  groups: Groups,
  sum: tf.TensorInfo,
): void {
  const { outer, reduced, inner } = groups;
  const [from, to] = [instance.addressOf(x), instance.addressOf(sum)];
  if (outer > 1) {
    instance.divided.clear({ out: to, bytes: outer * inner * floatBytes });
    const args = { x: from, sum: to, rows: reduced, bytes: inner * floatBytes };
    instance.run('sumGroups', args, outer);
    return;
  }
  sumInBlocks(instance, { rows: reduced, channels: inner }, [to], ([line = 0], step) => {
    const args = { x: from, sum: line, rows: reduced, bytes: inner * floatBytes, step };
    instance.divided.sumRows(args);
  });
}

/**
 * Sums, or means, over neighbouring axes that are not the last ones; tfjs's kernels would transpose
 * the tensor first.
 */
const reduce =
  (isMean: boolean) =>
  ({ instance, input, attributes, fallBack }: KernelCall<Attributes>): tf.TensorInfo => {
    const x = input('x');
    const axes = tf.util.parseAxisParam(attributes.axis ?? x.shape.map((_, i) => i), x.shape);
    const groups = groupAxes(x.shape, axes);
    if (x.dtype !== 'float32' || product(x.shape) === 0) return fallBack();
    if (groups === null || groups.inner === 1 || axes.length === 0) return fallBack();
    const kept = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
    const shape = attributes.keepDims === true ? kept : x.shape.filter((_, i) => !axes.includes(i));
    const result = instance.makeOutput(shape);
    sumMiddle(instance, x, groups, result);
    if (isMean) {
      const values = instance.viewOf(instance.addressOf(result), groups.outer * groups.inner);
      for (let i = 0; i < values.length; i += 1) values[i] = (values[i] as number) / groups.reduced;
    }
    return result;
  };

export const sumLanesKernel = 'AfterimageSumLanes';

/** Sums that `sumLanes` makes of a vector. */
export const laneSums = 64;

/** x [n], n at least 64 -> the sums of its elements i, i + 64, i + 128 and so on, [64]. */
function sumLanes({ instance, input }: KernelCall<object>): tf.TensorInfo {
  const x = input('x');
  const sums = instance.makeOutput([laneSums]);
  const [from, to] = [instance.addressOf(x), instance.addressOf(sums)];
  const [rows, rest] = [Math.floor(product(x.shape) / laneSums), product(x.shape) % laneSums];
  const bytes = laneSums * floatBytes;
  sumInBlocks(instance, { rows, channels: laneSums }, [to], ([sum = 0], step) => {
    instance.divided.sumRows({ x: from, sum, rows, bytes, step });
  });
  instance.divided.add({ a: to, b: from + rows * bytes, out: to, bytes: rest * floatBytes });
  return sums;
}

export function registerReductions(): void {
  registerKernel(sumLanesKernel, sumLanes);
  registerKernel('Sum', reduce(false));
  registerKernel('Mean', reduce(true));
}
