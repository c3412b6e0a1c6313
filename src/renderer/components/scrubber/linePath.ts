/** Path of a line through points, broken where a value is NaN; a lone point is a dot. */
export function linePath(
  values: ArrayLike<number>,
  xOf: (index: number) => number,
  yOf: (value: number) => number,
): string {
  let path = '';
  let isDrawing = false;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? Number.NaN;
    if (Number.isNaN(value)) {
      isDrawing = false;
      continue;
    }
    const point = `${xOf(i).toFixed(1)} ${yOf(value).toFixed(1)}`;
    // A line of no length, with round caps, is a dot.
    path += isDrawing ? `L${point}` : `M${point}L${point}`;
    isDrawing = true;
  }
  return path;
}

/** Lowest value of the axis: 0, or as far below as correlations go, in tenths. */
export function axisMinimum(correlations: readonly ArrayLike<number>[]): number {
  let lowest = 0;
  for (const values of correlations) {
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i] ?? 0;
      // Never true of NaN, which stands for an undefined correlation.
      if (value < lowest) lowest = value;
    }
  }
  return lowest === 0 ? 0 : Math.floor(lowest * 10) / 10;
}
