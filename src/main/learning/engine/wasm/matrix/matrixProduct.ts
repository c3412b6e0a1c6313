import { defineFunction, type FunctionBody, type Variable } from '../module/assembler.ts';
import { i32, type Lanes } from '../module/lanes.ts';
import { eachSum, linesFrom, panels, startSums, type Panel } from '../module/registerTiles.ts';

/** Rows of a register tile: with two vectors of columns, 4 fill the 16 registers of x86. */
const tileRows = 4;

/** Steps along the depth that are unrolled where a row of A is contiguous. */
const unrolled = 4;

const parameters = [
  'a',
  'aLine',
  'aPlane',
  'b',
  'bLine',
  'bPlane',
  'c',
  'cLine',
  'cPlane',
  'planes',
  'rows',
  'depth',
  'columns',
  'accumulate',
] as const;
type Parameters = Record<(typeof parameters)[number], Variable>;

/** Addresses of a tile's first elements, or a plane's. */
interface Position {
  a: Variable;
  b: Variable;
  c: Variable;
}

interface Tile extends Position {
  lanes: Lanes;
  /** Sums in registers, [rows][vectors]. */
  sums: Variable[][];
}

const indices = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Adds one column of A times one row of B to the sums; `factors` are the column's addresses. */
function emitStep(
  f: FunctionBody,
  { lanes, sums }: Tile,
  factors: readonly { address: Variable; offset: number }[],
  b: Variable,
): void {
  const right = (sums[0] ?? []).map((_, j) => f.let(lanes.load(b, 16 * j)));
  factors.forEach(({ address, offset }, i) => {
    const factor = f.let(lanes.broadcast(address, offset));
    sums[i]?.forEach((sum, j) => {
      f.set(sum, lanes.add(sum, lanes.multiply(factor, right[j] ?? factor)));
    });
  });
}

/** Rows of A lie `aLine` apart, and their elements side by side. */
function emitDepthByRows(f: FunctionBody, p: Parameters, tile: Tile): void {
  const rows = linesFrom(f, tile.a, p.aLine, tile.sums.length);
  const b = f.let(tile.b);
  const steps = (count: number): void => {
    for (const step of indices(count)) {
      const factors = rows.map((address) => ({ address, offset: 4 * step }));
      emitStep(f, tile, factors, b);
      f.increase(b, p.bLine);
    }
    for (const row of rows) f.increase(row, 4 * count);
  };
  const k = f.let(0);
  f.advance(k, i32.and(p.depth, -unrolled), unrolled, () => {
    steps(unrolled);
  });
  f.advance(k, p.depth, 1, () => {
    steps(1);
  });
}

/** A is transposed: columns lie `aLine` apart, and their elements side by side. */
function emitDepthByColumns(f: FunctionBody, p: Parameters, tile: Tile): void {
  const address = f.let(tile.a);
  const b = f.let(tile.b);
  const factors = tile.sums.map((_, i) => ({ address, offset: 4 * i }));
  f.repeat(p.depth, () => {
    emitStep(f, tile, factors, b);
    f.increase(address, p.aLine);
    f.increase(b, p.bLine);
  });
}

type EmitDepth = typeof emitDepthByRows;

/** A tile of C, which stays in registers over the whole depth. */
function emitTile(
  f: FunctionBody,
  p: Parameters,
  panel: Panel,
  at: Position & { rows: number },
  emitDepth: EmitDepth,
): void {
  const { lanes } = panel;
  const targets = linesFrom(f, at.c, p.cLine, at.rows);
  const sums = startSums(f, panel, at.rows);
  f.when(p.accumulate, () => {
    eachSum(targets, sums, (target, sum, offset) => {
      f.set(sum, lanes.load(target, offset));
    });
  });
  emitDepth(f, p, { ...at, lanes, sums });
  eachSum(targets, sums, (target, sum, offset) => {
    f.run(lanes.store(target, sum, offset));
  });
}

/** All rows of C in one panel of columns. */
function emitPanel(
  f: FunctionBody,
  p: Parameters,
  panel: Panel,
  at: Position,
  { emitDepth, aRow }: { emitDepth: EmitDepth; aRow: Variable },
): void {
  const row = f.let(0);
  f.advance(row, i32.and(p.rows, -tileRows), tileRows, () => {
    emitTile(f, p, panel, { ...at, rows: tileRows }, emitDepth);
    f.increase(at.a, i32.multiply(aRow, tileRows));
    f.increase(at.c, i32.multiply(p.cLine, tileRows));
  });
  for (const rows of indices(tileRows).slice(1)) {
    f.when(i32.equal(i32.subtract(p.rows, row), rows), () => {
      emitTile(f, p, panel, { ...at, rows }, emitDepth);
    });
  }
}

const defineProduct = (transposed: boolean) =>
  defineFunction(parameters, (f, p) => {
    const plane: Position = { a: f.let(p.a), b: f.let(p.b), c: f.let(p.c) };
    const bytes = f.let(i32.multiply(p.columns, 4));
    const order = {
      emitDepth: transposed ? emitDepthByColumns : emitDepthByRows,
      aRow: f.let(transposed ? 4 : p.aLine),
    };
    f.repeat(p.planes, () => {
      const column = f.let(0);
      for (const panel of panels) {
        f.advance(column, i32.and(bytes, -panel.bytes), panel.bytes, () => {
          const at = {
            a: f.let(plane.a),
            b: f.let(i32.add(plane.b, column)),
            c: f.let(i32.add(plane.c, column)),
          };
          emitPanel(f, p, panel, at, order);
        });
      }
      f.increase(plane.a, p.aPlane);
      f.increase(plane.b, p.bPlane);
      f.increase(plane.c, p.cPlane);
    });
  });

/**
 * C = A B, or C += A B, for each plane: A [rows, depth], B [depth, columns], C [rows, columns], whose
 * lines and planes lie so many bytes apart. The sum over the depth runs in order.
 */
export const product = defineProduct(false);

/** The same with A as [depth, rows] in memory. */
export const productOfTransposed = defineProduct(true);
