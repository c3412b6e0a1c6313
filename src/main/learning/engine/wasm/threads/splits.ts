import { blockRows } from '../layers/channelwise.ts';
import { definitions } from '../module/moduleFunctions.ts';
import { splitTask, type Split } from './tasks.ts';

/*
 * How each function of the module that threads can share falls into parts. No element of an output is
 * added up from two parts, so that the bits are those of a single call.
 */

/** About as much as is worth another thread's attention. */
const unitBytes = 32 * 1024;
/** The same of what is read and written in tens of places at once. */
const channelUnit = 1024;

type Arguments<Name extends string> = Readonly<Record<Name, number>>;

const steps = <Name extends string>(names: readonly Name[], step: number): Record<Name, number> =>
  Object.fromEntries(names.map((name) => [name, step])) as Record<Name, number>;

/** Rows of a matrix: its tensors move on, its coefficients stay. */
const byRows =
  <Name extends string>(...tensors: Name[]) =>
  ({ bytes }: Arguments<'bytes'>): Split<Name, 'rows'> => {
    const unit = Math.max(1, Math.floor(unitBytes / bytes));
    return { of: 'rows', unit, steps: steps(tensors, unit * bytes) };
  };

/** Elements of a single row. */
const byElements =
  <Name extends string>(...tensors: Name[]) =>
  (): Split<Name, 'bytes'> => ({
    of: 'bytes',
    unit: unitBytes,
    steps: steps(tensors, unitBytes),
  });

/** The blocks of rows that a reduction adds up on their own, one line of `outputs` to each. */
const byBlocks =
  <Input extends string, Output extends string>(
    inputs: readonly Input[],
    outputs: readonly Output[],
  ) =>
  ({ bytes, step }: Arguments<'bytes' | 'step'>): Split<Input | Output, 'rows'> => ({
    of: 'rows',
    unit: blockRows,
    steps: { ...steps(inputs, blockRows * bytes), ...steps(outputs, step) },
  });

type Windows = Arguments<'height' | 'width' | 'imageBytes' | 'channelBytes'>;

const byImages =
  <Full extends string, Pooled extends string>(full: readonly Full[], pooled: readonly Pooled[]) =>
  ({ height, width, imageBytes, channelBytes }: Windows): Split<Full | Pooled, 'images'> => ({
    of: 'images',
    unit: 1,
    steps: { ...steps(full, imageBytes), ...steps(pooled, height * width * channelBytes) },
  });

/** Rows that are copied; a single one by its elements. */
const byCopies = (
  args: Arguments<'rows' | 'bytes' | 'sourceStep' | 'targetStep'>,
): Split<'source' | 'target', 'rows' | 'bytes'> => {
  const { rows, bytes, sourceStep, targetStep } = args;
  if (rows === 1) return byElements('source', 'target')();
  const unit = Math.max(1, Math.floor(unitBytes / bytes));
  return { of: 'rows', unit, steps: { source: unit * sourceStep, target: unit * targetStep } };
};

/** Random words by the blocks of their generator, of 16 bytes. */
const byWords = (): Split<'first' | 'out', 'bytes'> => ({
  of: 'bytes',
  unit: unitBytes,
  steps: { first: unitBytes / 16, out: unitBytes },
});

/** The channels of a single tile. */
const byChannels = (): Split<'source' | 'target', 'bytes'> => ({
  of: 'bytes',
  unit: channelUnit,
  steps: { source: channelUnit, target: channelUnit },
});

type Product = Arguments<'aLine' | 'aPlane' | 'bPlane' | 'cLine' | 'cPlane' | 'planes' | 'rows'>;
type ProductSplit = Split<'a' | 'b' | 'c', 'planes' | 'rows'>;

/** Rows of a product that are worth another thread, a multiple of what a tile of registers has. */
const productRows = 16;

/** A product by its planes, and that of two matrices by the rows of the first, `aRow` bytes apart. */
const byPlanesOrRows =
  (aRow: (args: Product) => number) =>
  (args: Product): ProductSplit => {
    const { aPlane, bPlane, cPlane, planes, cLine } = args;
    if (planes > 1) return { of: 'planes', unit: 1, steps: { a: aPlane, b: bPlane, c: cPlane } };
    const moves = { a: productRows * aRow(args), c: productRows * cLine };
    return { of: 'rows', unit: productRows, steps: moves };
  };

const d = definitions;

export const splits = {
  copyRows: splitTask('copyRows', d.copyRows, byCopies),
  clear: splitTask('clear', d.clear, byElements('out')),
  addBias: splitTask('addBias', d.addBias, byRows('x', 'out')),
  relu: splitTask('relu', d.relu, byElements('x', 'out')),
  reluGradient: splitTask('reluGradient', d.reluGradient, byElements('dy', 'y', 'out')),
  gelu: splitTask('gelu', d.gelu, byElements('x', 'value')),
  geluSlope: splitTask('geluSlope', d.geluSlope, byElements('x', 'slope')),
  geluWithSlope: splitTask('geluWithSlope', d.geluWithSlope, byElements('x', 'value', 'slope')),
  geluCurvature: splitTask('geluCurvature', d.geluCurvature, byElements('x', 'curvature')),
  normalize: splitTask('normalize', d.normalize, byRows('x', 'out')),
  finishConvolution: splitTask('finishConvolution', d.finishConvolution, byRows('x', 'out')),
  normalizeGradient: splitTask('normalizeGradient', d.normalizeGradient, byRows('dy', 'x', 'out')),
  maxPool: splitTask('maxPool', d.maxPool, byImages(['x'], ['y'])),
  unpool: splitTask('unpool', d.unpool, byImages(['x', 'dx'], ['y', 'dy'])),
  pickMaximum: splitTask('pickMaximum', d.pickMaximum, byImages(['x', 'g'], ['y', 'picked'])),
  sumRows: splitTask('sumRows', d.sumRows, byBlocks(['x'], ['sum'])),
  sumSquares: splitTask('sumSquares', d.sumSquares, byBlocks(['x'], ['sum'])),
  sumNormalizeGradient: splitTask(
    'sumNormalizeGradient',
    d.sumNormalizeGradient,
    byBlocks(['dy', 'x'], ['total', 'product']),
  ),
  add: splitTask('add', d.add, byElements('a', 'b', 'out')),
  addScalar: splitTask('addScalar', d.addScalar, byElements('a', 'out')),
  subtract: splitTask('subtract', d.subtract, byElements('a', 'b', 'out')),
  subtractScalar: splitTask('subtractScalar', d.subtractScalar, byElements('a', 'out')),
  multiply: splitTask('multiply', d.multiply, byElements('a', 'b', 'out')),
  multiplyScalar: splitTask('multiplyScalar', d.multiplyScalar, byElements('a', 'out')),
  divide: splitTask('divide', d.divide, byElements('a', 'b', 'out')),
  divideScalar: splitTask('divideScalar', d.divideScalar, byElements('a', 'out')),
  square: splitTask('square', d.square, byElements('a', 'out')),
  squareRoot: splitTask('squareRoot', d.squareRoot, byElements('a', 'out')),
  philoxWords: splitTask('philoxWords', d.philoxWords, byWords),
  philoxMask: splitTask('philoxMask', d.philoxMask, byWords),
  transformKernel: splitTask('transformKernel', d.transformKernel, byChannels),
  gatherKernel: splitTask('gatherKernel', d.gatherKernel, byChannels),
  product: splitTask(
    'product',
    d.product,
    byPlanesOrRows(({ aLine }) => aLine),
  ),
  productOfTransposed: splitTask(
    'productOfTransposed',
    d.productOfTransposed,
    byPlanesOrRows(() => 4),
  ),
} as const;
