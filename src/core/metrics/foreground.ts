/** Pixels of an image, or of a map, above it are foreground. */
export const foregroundThreshold = 0.5;

export const isForeground = (values: Float32Array, pixel: number): boolean =>
  (values[pixel] ?? 0) > foregroundThreshold;

/** In the words of definitions: where no measure of a map has a value, and where those of the foreground have none. */
export const emptyMap = 'the map is all zero';
export const emptyMapOrImage = `${emptyMap} or the image has no pixel above 0.5`;
