/** The largest absolute value of a map; 0 of one without values. */
export const largestOf = (map: Float32Array): number =>
  map.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** A map as shares of `largest`, from -1 to 1 where that is its own; zeros stay zeros. */
export const shareOfLargest = (map: Float32Array, largest = largestOf(map)): Float32Array =>
  map.map((value) => value / (largest || 1));

/** Where shares lie in a table of colours, from 0 to 1: in a signed map 0 lies in the middle. */
export const placesOf = (shares: Float32Array, signed: boolean): Float32Array =>
  signed ? shares.map((share) => (share + 1) / 2) : shares;
