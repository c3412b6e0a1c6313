import * as tf from '@tensorflow/tfjs';
import { floatBytes } from '../module/moduleFunctions.ts';
import { registerKernel, type KernelCall } from '../register.ts';

type Call = KernelCall<object>;

/**
 * condition ? t : e. Where the condition is the same everywhere, the answer is a copy of one of the two: not the
 * tensor itself, since a recording counts on it that values do not decide which data is whose.
 */
function select({ instance, input, fallBack }: Call): tf.TensorInfo {
  const [condition, yes, no] = [input('condition'), input('t'), input('e')];
  const size = tf.util.sizeFromShape(condition.shape);
  if (size === 0 || size !== tf.util.sizeFromShape(yes.shape)) return fallBack();
  const flags = instance.bytesOf(instance.addressOf(condition), size);
  const opposite = flags.indexOf(flags[0] === 0 ? 1 : 0);
  if (opposite >= 0 || yes.dtype !== 'float32' || no.dtype !== 'float32') return fallBack();
  const out = instance.makeOutput(yes.shape);
  const bytes = size * floatBytes;
  instance.divided.copyRows({
    source: instance.addressOf(flags[0] === 0 ? no : yes),
    sourceStep: bytes,
    target: instance.addressOf(out),
    targetStep: bytes,
    rows: 1,
    bytes,
  });
  return out;
}

/** Whether b has one value for each group of a's last axes: [B, H, W] against [B, 1, 1]. */
const spreadsOverLastAxes = (a: readonly number[], b: readonly number[]): boolean => {
  const ones = b.length - b.findLastIndex((size) => size !== 1) - 1;
  const kept = b.length - ones;
  return a.length === b.length && a.slice(0, kept).join() === b.slice(0, kept).join();
};

/** a == b as booleans; the gradient of a maximum over the last axes is made of this. */
function equal({ instance, input, fallBack }: Call): tf.TensorInfo {
  const [a, b] = [input('a'), input('b')];
  const [size, groups] = [a, b].map(({ shape }) => tf.util.sizeFromShape(shape)) as [
    number,
    number,
  ];
  // tfjs gives both the same type.
  if (a.dtype !== 'float32' || size === 0 || !spreadsOverLastAxes(a.shape, b.shape))
    return fallBack();
  const out = instance.makeOutput(a.shape, 'bool');
  const values = instance.viewOf(instance.addressOf(a), size);
  const wanted = instance.viewOf(instance.addressOf(b), groups);
  const flags = instance.bytesOf(instance.addressOf(out), size);
  const inner = size / groups;
  for (let group = 0; group < groups; group += 1) {
    const expected = wanted[group];
    const end = (group + 1) * inner;
    for (let i = group * inner; i < end; i += 1) flags[i] = values[i] === expected ? 1 : 0;
  }
  return out;
}

export function registerSelection(): void {
  registerKernel('Select', select);
  registerKernel('Equal', equal);
}
