const shades = ' .:-=+*#%@';

/** A character for a value in [0, 1]. */
export const shade = (value: number): string =>
  shades[Math.min(9, Math.floor(Math.max(0, value) * 10))] ?? ' ';

/** [size, size] as rows of numbers. */
export const toRows = (values: Float32Array, size: number): number[][] =>
  Array.from({ length: values.length / size }, (_, y) => [
    ...values.subarray(y * size, (y + 1) * size),
  ]);
