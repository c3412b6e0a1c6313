import { addRows, copyRows, defineMap, defineReduction } from '../layers/channelwise.ts';
import { product, productOfTransposed } from '../matrix/matrixProduct.ts';
import { philoxMask, philoxWords } from '../layers/philox.ts';
import { gelu, geluCurvature, geluSlope, geluWithSlope } from '../layers/gelu.ts';
import { maxPool, pickMaximum, unpool } from '../layers/poolWindows.ts';
import { transpose as transposeMatrix } from '../matrix/transposeMatrix.ts';
import { elementwise } from '../tensors/elementwise.ts';
import { depthwiseProduct } from '../convolution/depthwiseProduct.ts';
import { defineTransform } from '../convolution/tileTransform.ts';
import type { Lanes, Value } from './lanes.ts';
import { transposed, winograd } from '../convolution/winograd.ts';

/** Bytes of a float. */
export const floatBytes = 4;

/** x < 0 ? 0 : x, which keeps NaN. */
const rectify = (lanes: Lanes, x: Value): Value => lanes.atLeast(x, lanes.constant(0));

/** Every function of the WebAssembly module. Sizes and strides are in bytes, tensors float32. */
export const definitions = {
  copyRows,
  addRows,
  ...elementwise,
  product,
  productOfTransposed,
  depthwiseProduct,
  transpose: transposeMatrix,
  maxPool,
  unpool,
  pickMaximum,
  philoxWords,
  philoxMask,
  gelu,
  geluSlope,
  geluWithSlope,
  geluCurvature,
  /** [rows, channels] + [channels] */
  addBias: defineMap(['x'], ['bias'], (lanes, { x, bias }) => lanes.add(x, bias)),
  relu: defineMap(['x'], [], (lanes, { x }) => rectify(lanes, x)),
  /** dy where y, the ReLU's output, is positive, else 0. */
  reluGradient: defineMap(['dy', 'y'], [], (lanes, { dy, y }) =>
    lanes.ifGreater(y, lanes.constant(0), dy, lanes.constant(0)),
  ),
  /** (x - centre) * scale + shift */
  normalize: defineMap(['x'], ['centre', 'scale', 'shift'], (lanes, { x, centre, scale, shift }) =>
    lanes.add(lanes.multiply(lanes.subtract(x, centre), scale), shift),
  ),
  /** relu(((x + bias) - centre) * scale + shift) */
  finishConvolution: defineMap(
    ['x'],
    ['bias', 'centre', 'scale', 'shift'],
    (lanes, { x, bias, centre, scale, shift }) => {
      const centred = lanes.subtract(lanes.add(x, bias), centre);
      return rectify(lanes, lanes.add(lanes.multiply(centred, scale), shift));
    },
  ),
  /** dy * scale - (x - centre) * slope - offset */
  normalizeGradient: defineMap(
    ['dy', 'x'],
    ['centre', 'scale', 'slope', 'offset'],
    (lanes, { dy, x, centre, scale, slope, offset }) => {
      const tilt = lanes.multiply(lanes.subtract(x, centre), slope);
      return lanes.subtract(lanes.subtract(lanes.multiply(dy, scale), tilt), offset);
    },
  ),
  sumRows: defineReduction(['x'], [], [['sum', (_, { x }) => x]]),
  /** The sum of x * dy. */
  sumProducts: defineReduction(
    ['x', 'dy'],
    [],
    [['sum', (lanes, { x, dy }) => lanes.multiply(x, dy)]],
  ),
  /** The sum of (x - centre)^2. */
  sumSquares: defineReduction(
    ['x'],
    ['centre'],
    [
      [
        'sum',
        (lanes, { x, centre }) => {
          const distance = lanes.subtract(x, centre);
          return lanes.multiply(distance, distance);
        },
      ],
    ],
  ),
  /** The sums of dy and of dy * (x - centre). */
  sumNormalizeGradient: defineReduction(
    ['dy', 'x'],
    ['centre'],
    [
      ['total', (_, { dy }) => dy],
      ['product', (lanes, { dy, x, centre }) => lanes.multiply(dy, lanes.subtract(x, centre))],
    ],
  ),
  transformInput: defineTransform(winograd.input),
  transformKernel: defineTransform(winograd.kernel),
  transformOutput: defineTransform(winograd.output),
  /** The adjoints of the last two, for the gradient of the kernel. */
  spreadOutput: defineTransform(transposed(winograd.output)),
  gatherKernel: defineTransform(transposed(winograd.kernel)),
} as const;
