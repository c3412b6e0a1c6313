/** How the tokens of a map lie in windows. */
export interface WindowPlan {
  /** Side of the map, filled up to whole windows. */
  side: number;
  /** For each pair of places in a window, which relative position it has: [window², window²] of (2 window - 1)². */
  relative: Int32Array;
  /**
   * What is added to the scores of each window, [windows, window², window²]: 0, or -100 for a pair of tokens that
   * lie beside each other only because the map was shifted around its edge or filled up.
   */
  mask: Float32Array;
  hasMask: boolean;
}

/** A score this much lower is a weight of e^-100. */
const apart = -100;

/** The regions that a shifted map of `side` tokens brings together at its far edges, by place. */
const regionOf = (place: number, side: number, window: number, shift: number): number => {
  if (shift === 0 || place < side - window) return 0;
  return place < side - shift ? 1 : 2;
};

/**
 * The windows of a square map (Liu et al. 2021). Rows and columns that fill the map up attend like any
 * others and hold zeros, as in torchvision.
 *
 * @param size side of the map, in tokens
 */
export function planWindows(size: number, window: number, shift: number): WindowPlan {
  const side = Math.ceil(size / window) * window;
  const [perSide, tokens] = [side / window, window ** 2];
  const relative = new Int32Array(tokens ** 2);
  for (let pair = 0; pair < tokens ** 2; pair += 1) {
    const [a, b] = [Math.floor(pair / tokens), pair % tokens];
    const down = Math.floor(a / window) - Math.floor(b / window) + window - 1;
    const right = (a % window) - (b % window) + window - 1;
    relative[pair] = down * (2 * window - 1) + right;
  }
  const mask = new Float32Array(perSide ** 2 * tokens ** 2);
  const region = (place: number): number => regionOf(place, side, window, shift);
  mask.forEach((_, i) => {
    const [pair, at] = [i % tokens ** 2, Math.floor(i / tokens ** 2)];
    const [top, left] = [Math.floor(at / perSide) * window, (at % perSide) * window];
    const [first, second] = [Math.floor(pair / tokens), pair % tokens].map(
      (token) => 3 * region(top + Math.floor(token / window)) + region(left + (token % window)),
    );
    if (first !== second) mask[i] = apart;
  });
  return { side, relative, mask, hasMask: shift > 0 };
}
