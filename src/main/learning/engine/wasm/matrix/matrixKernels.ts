import * as tf from '@tensorflow/tfjs';
import type { WasmInstance } from '../module/instance.ts';
import { floatBytes } from '../module/moduleFunctions.ts';
import { registerKernel, type KernelCall } from '../register.ts';
import { panelColumns, panelDepth, panelLength } from './panels.ts';

interface Attributes {
  transposeA: boolean;
  transposeB: boolean;
}

/** Matrices in memory; `transposed` means that they lie there as [columns, rows]. */
interface Stack {
  address: number;
  rows: number;
  columns: number;
  transposed: boolean;
  /** Bytes from line to line. */
  line: number;
  planes: number;
  /** Bytes from plane to plane; 0 where a single plane serves for all. */
  plane: number;
}

function readStack(instance: WasmInstance, tensor: tf.TensorInfo, transposed: boolean): Stack {
  const [lines = 1, length = 1] = tensor.shape.slice(-2);
  const planes = tf.util.sizeFromShape(tensor.shape.slice(0, -2));
  return {
    address: instance.addressOf(tensor),
    rows: transposed ? length : lines,
    columns: transposed ? lines : length,
    // A vector looks the same either way.
    ...(transposed && lines > 1 && length > 1
      ? { transposed, line: length * floatBytes }
      : { transposed: false, line: (transposed ? lines : length) * floatBytes }),
    planes,
    plane: planes === 1 ? 0 : lines * length * floatBytes,
  };
}

function multiplyStacks(instance: WasmInstance, a: Stack, b: Stack, c: Stack): void {
  const { product, productOfTransposed } = instance.divided;
  const multiply = a.transposed ? productOfTransposed : product;
  multiply({
    a: a.address,
    aLine: a.line,
    aPlane: a.plane,
    b: b.address,
    bLine: b.line,
    bPlane: b.plane,
    c: c.address,
    cLine: c.line,
    cPlane: c.plane,
    planes: c.planes,
    rows: c.rows,
    depth: a.columns,
    columns: c.columns,
    accumulate: 0,
  });
}

/**
 * The same product with b copied panel by panel, so that its columns lie side by side, one part of the depth after
 * the other, so that what is read of a stays in the cache.
 */
function multiplyByPanels(instance: WasmInstance, a: Stack, b: Stack, c: Stack): void {
  const panels = c.planes * Math.ceil(b.columns / panelColumns);
  instance.borrowPlaces(panelLength(Math.min(panelDepth, b.rows)), (places) => {
    for (let first = 0; first < b.rows; first += panelDepth) {
      const args = {
        a: a.address + first * (a.transposed ? a.line : floatBytes),
        aLine: a.line,
        aPlane: a.plane,
        aTransposed: a.transposed ? 1 : 0,
        b: b.address + first * (b.transposed ? floatBytes : b.line),
        bLine: b.line,
        bPlane: b.plane,
        bTransposed: b.transposed ? 1 : 0,
        c: c.address,
        cLine: c.line,
        cPlane: c.plane,
        rows: c.rows,
        depth: Math.min(panelDepth, b.rows - first),
        columns: b.columns,
        accumulate: first === 0 ? 0 : 1,
        ...places,
      };
      instance.run('multiplyPanels', args, panels);
    }
  });
}
/** Floats from which on a matrix does not fit the first-level cache, unless panel by panel. */
const largeMatrix = 8192;

/** Whether copying the panels of b pays, as it does when many rows of a use them. */
const isWorthCopying = (a: Stack, b: Stack): boolean =>
  b.rows * b.columns >= largeMatrix && a.rows > 2 * panelColumns;

/** a [..., M, K] b [..., K, N] -> [..., M, N]; a single matrix serves for a whole batch. */
function matMul({ instance, input, attributes, fallBack }: KernelCall<Attributes>): tf.TensorInfo {
  const [a, b] = [input('a'), input('b')];
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return fallBack();
  const left = readStack(instance, a, attributes.transposeA);
  const right = readStack(instance, b, attributes.transposeB);
  const [leftBatch, rightBatch] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const isPlain = leftBatch.join() === rightBatch.join() || left.planes === 1 || right.planes === 1;
  // tfjs also explains why matrices do not match.
  if (!isPlain || left.columns !== right.rows) return fallBack();
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(leftBatch, rightBatch);
  const out = instance.makeOutput([...batch, left.rows, right.columns]);
  const copies = right.transposed || isWorthCopying(left, right);
  const multiply = copies ? multiplyByPanels : multiplyStacks;
  multiply(instance, left, right, readStack(instance, out, false));
  return out;
}

export function registerMatrixProduct(): void {
  registerKernel('BatchMatMul', matMul);
}
