import { extentOf } from '../../../core/arrays.ts';

const insetPx = 2.5;

export interface Spark {
  /** An SVG path. */
  path: string;
  /** [x, y] per value, undefined where it is not finite. */
  points: readonly ([number, number] | undefined)[];
}

/**
 * Paths through series of values at equal steps, all on one scale that fills `width` x `height`.
 * Values that are not finite break the line; a value between two of them is a dash.
 */
export function sparkPaths(
  series: readonly (readonly number[])[],
  width: number,
  height: number,
): Spark[] {
  const finite = series.flat().filter(Number.isFinite);
  const [low, high] = extentOf(finite);
  const range = high - low;
  const steps = Math.max(0, ...series.map(({ length }) => length - 1));
  const toX = (index: number): number =>
    steps === 0 ? width / 2 : insetPx + (index / steps) * (width - 2 * insetPx);
  const toY = (value: number): number =>
    range === 0 ? height / 2 : height - insetPx - ((value - low) / range) * (height - 2 * insetPx);
  return series.map((values) => {
    const points = values.map((value, index): [number, number] | undefined =>
      Number.isFinite(value) ? [round(toX(index)), round(toY(value))] : undefined,
    );
    return { path: joinPoints(points), points };
  });
}

function joinPoints(points: Spark['points']): string {
  return points
    .map((point, index) => {
      if (point === undefined) return '';
      const isStart = points[index - 1] === undefined;
      const dash = isStart && points[index + 1] === undefined ? 'h0.1' : '';
      return `${isStart ? 'M' : 'L'}${point[0]} ${point[1]}${dash}`;
    })
    .join('');
}

const round = (value: number): number => Math.round(value * 10) / 10;
