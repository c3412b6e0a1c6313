import * as tf from '@tensorflow/tfjs';
import type { WasmInstance } from '../module/instance.ts';
import { floatBytes } from '../module/moduleFunctions.ts';
import { registerKernel, type KernelCall } from '../register.ts';

type Call = KernelCall<object>;
type BinaryName = 'add' | 'subtract' | 'multiply' | 'divide';

const sizeOf = ({ shape }: tf.TensorInfo): number => tf.util.sizeFromShape(shape);
const isFloat = ({ dtype }: tf.TensorInfo): boolean => dtype === 'float32';
const haveSameShape = (a: tf.TensorInfo, b: tf.TensorInfo): boolean =>
  a.shape.join() === b.shape.join();
/** Whether one float stands for a whole tensor of the other's shape. */
const isScalarTo = (scalar: tf.TensorInfo, { shape }: tf.TensorInfo): boolean =>
  sizeOf(scalar) === 1 && scalar.shape.length <= shape.length;

function apply(
  instance: WasmInstance,
  name: BinaryName | `${BinaryName}Scalar`,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
): tf.TensorInfo {
  const out = instance.makeOutput(a.shape);
  instance.divided[name]({
    a: instance.addressOf(a),
    b: instance.addressOf(b),
    out: instance.addressOf(out),
    bytes: sizeOf(a) * floatBytes,
  });
  return out;
}

/** a and b of the same shape, or one of them a scalar; other shapes are tfjs's to spread. */
const combine =
  (name: BinaryName, isSymmetric: boolean) =>
  ({ instance, input, fallBack }: Call): tf.TensorInfo => {
    const [a, b] = [input('a'), input('b')];
    if (!isFloat(a) || !isFloat(b)) return fallBack();
    if (haveSameShape(a, b)) return apply(instance, name, a, b);
    if (isScalarTo(b, a)) return apply(instance, `${name}Scalar`, a, b);
    if (isSymmetric && isScalarTo(a, b)) return apply(instance, `${name}Scalar`, b, a);
    return fallBack();
  };

const map =
  (name: 'square' | 'squareRoot') =>
  ({ instance, input, fallBack }: Call): tf.TensorInfo => {
    const x = input('x');
    if (!isFloat(x)) return fallBack();
    const out = instance.makeOutput(x.shape);
    instance.divided[name]({
      a: instance.addressOf(x),
      out: instance.addressOf(out),
      bytes: sizeOf(x) * floatBytes,
    });
    return out;
  };

/** In front of tfjs's own, which compute the same bits on one thread. */
export function registerElementwise(): void {
  registerKernel('Add', combine('add', true), { overwrites: 'a' });
  registerKernel('Sub', combine('subtract', false), { overwrites: 'a' });
  registerKernel('Multiply', combine('multiply', true), { overwrites: 'a' });
  registerKernel('RealDiv', combine('divide', false), { overwrites: 'a' });
  registerKernel('Square', map('square'), { overwrites: 'x' });
  registerKernel('Sqrt', map('squareRoot'), { overwrites: 'x' });
}
