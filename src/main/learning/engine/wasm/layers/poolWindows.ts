import {
  defineFunction,
  type FunctionBody,
  type FunctionDefinition,
  type Variable,
} from '../module/assembler.ts';
import { i32, type Lanes, type Value } from '../module/lanes.ts';

/** The lanes of one 2x2 window, where `full` tensors have four cells and `pooled` ones have one. */
interface Window<Full extends string, Pooled extends string> {
  f: FunctionBody;
  lanes: Lanes;
  /** Addresses of the cells, row by row. */
  cells: Readonly<Record<Full, readonly Value[]>>;
  pooled: Readonly<Record<Pooled, Value>>;
}

const geometry = ['images', 'height', 'width', 'imageBytes', 'lineBytes', 'channelBytes'] as const;
type Geometry = (typeof geometry)[number];

/**
 * Visits every 2x2 window of `images`; `height` and `width` count windows, the byte sizes are those of
 * a full tensor [images, H, W, K], whose odd last row or column no window covers.
 */
function defineWindowWalk<Full extends string, Pooled extends string>(
  full: readonly Full[],
  pooled: readonly Pooled[],
  visit: (window: Window<Full, Pooled>) => void,
): FunctionDefinition<Full | Pooled | Geometry> {
  type Name = Full | Pooled | Geometry;
  return defineFunction<Name>([...full, ...pooled, ...geometry], (f, p) => {
    const pooledAt = f.let(0);
    const imageAt = f.let(0);
    f.repeat(p.images, () => {
      const lineAt = f.let(imageAt);
      f.repeat(p.height, () => {
        const cellAt = f.let(lineAt);
        f.repeat(p.width, () => {
          f.eachLane(p.channelBytes, (lanes, at) => {
            const corner = f.let(i32.add(cellAt, at));
            const below = f.let(i32.add(corner, p.lineBytes));
            const offsets = [
              corner,
              i32.add(corner, p.channelBytes),
              below,
              i32.add(below, p.channelBytes),
            ];
            const single = f.let(i32.add(pooledAt, at));
            visit({
              f,
              lanes,
              cells: mapNames(full, (name) => offsets.map((offset) => i32.add(p[name], offset))),
              pooled: mapNames(pooled, (name) => i32.add(p[name], single)),
            });
          });
          f.increase(cellAt, i32.multiply(p.channelBytes, 2));
          f.increase(pooledAt, p.channelBytes);
        });
        f.increase(lineAt, i32.multiply(p.lineBytes, 2));
      });
      f.increase(imageAt, p.imageBytes);
    });
  });
}

const mapNames = <Name extends string, T>(
  names: readonly Name[],
  map: (name: Name) => T,
): Record<Name, T> => Object.fromEntries(names.map((name) => [name, map(name)])) as Record<Name, T>;

/** y = the largest cell of x. */
export const maxPool = defineWindowWalk(['x'], ['y'], ({ f, lanes, cells, pooled }) => {
  const [first, ...others] = cells.x.map((cell) => lanes.load(cell));
  const largest = others.reduce((a, b) => lanes.maximum(a, b), first as Value);
  f.run(lanes.store(pooled.y, largest));
});

/** dx = dy in the first cell of x that equals y, and 0 in the others. */
export const unpool = defineWindowWalk(['x', 'dx'], ['y', 'dy'], ({ f, lanes, cells, pooled }) => {
  const largest = f.let(lanes.load(pooled.y));
  const rest: Variable = f.let(lanes.load(pooled.dy));
  const zero = lanes.constant(0);
  cells.x.forEach((cell, i) => {
    const value = f.let(lanes.load(cell));
    f.run(lanes.store(cells.dx[i] as Value, lanes.ifEqual(value, largest, rest, zero)));
    f.set(rest, lanes.ifEqual(value, largest, zero, rest));
  });
});

/** picked = g at the first cell of x that equals y; the adjoint of `unpool`. */
export const pickMaximum = defineWindowWalk(
  ['x', 'g'],
  ['y', 'picked'],
  ({ f, lanes, cells, pooled }) => {
    const largest = f.let(lanes.load(pooled.y));
    const picked = f.let(lanes.constant(0));
    for (const i of [3, 2, 1, 0]) {
      const value = lanes.load(cells.x[i] as Value);
      f.set(picked, lanes.ifEqual(value, largest, lanes.load(cells.g[i] as Value), picked));
    }
    f.run(lanes.store(pooled.picked, picked));
  },
);
