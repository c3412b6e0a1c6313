import { floatBytes } from '../module/moduleFunctions.ts';
import { defineTask, placeParameters, usePlace } from '../threads/tasks.ts';

/** Columns that are copied side by side, as many as a tile of the product has. */
export const panelColumns = 8;

/** Rows of a panel at most. */
export const panelDepth = 256;

/** Floats of a panel. */
export const panelLength = (depth: number): number => depth * panelColumns;

const parameters = [
  'a',
  'aLine',
  'aPlane',
  'aTransposed',
  'b',
  'bLine',
  'bPlane',
  'bTransposed',
  'c',
  'cLine',
  'cPlane',
  'rows',
  'depth',
  'columns',
  'accumulate',
  /** For a panel. */
  ...placeParameters,
] as const;
type Arguments = Readonly<Record<(typeof parameters)[number], number>>;

/** Where the panels of a product lie: plane by plane, each from left to right. */
const locate = ({ columns }: Arguments, panel: number) => {
  const perPlane = Math.ceil(columns / panelColumns);
  const first = (panel % perPlane) * panelColumns;
  return {
    plane: Math.floor(panel / perPlane),
    first,
    count: Math.min(panelColumns, columns - first),
  };
};

/** C = A B, or C += A B, for each plane, with panels of B copied so that their columns lie side by side. */
export const multiplyPanels = defineTask(parameters, (compute, args, from, to) => {
  const { product, productOfTransposed, transpose, copyRows } = compute.functions;
  const { rows, depth } = args;
  const multiply = args.aTransposed === 1 ? productOfTransposed : product;
  const target = usePlace(compute, args);
  for (let panel = from; panel < to; panel += 1) {
    const { plane, first, count } = locate(args, panel);
    const [b, bytes] = [args.b + plane * args.bPlane, count * floatBytes];
    if (args.bTransposed === 1) {
      const source = b + first * args.bLine;
      transpose({ source, sourceLine: args.bLine, target, rows: count, columns: depth });
    } else {
      const source = b + first * floatBytes;
      copyRows({ source, sourceStep: args.bLine, target, targetStep: bytes, rows: depth, bytes });
    }
    multiply({
      a: args.a + plane * args.aPlane,
      aLine: args.aLine,
      aPlane: 0,
      b: target,
      bLine: bytes,
      bPlane: 0,
      c: args.c + plane * args.cPlane + first * floatBytes,
      cLine: args.cLine,
      cPlane: 0,
      planes: 1,
      rows,
      depth,
      columns: count,
      accumulate: args.accumulate,
    });
  }
});
