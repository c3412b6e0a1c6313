/** Runs of neighbouring places at which `isEdge` holds, `[first, after the last]` each. */
function* listRuns(size: number, isEdge: (place: number) => boolean): Generator<[number, number]> {
  for (let place = 0; place < size; place += 1) {
    if (!isEdge(place)) continue;
    const first = place;
    while (place < size && isEdge(place)) place += 1;
    yield [first, place];
  }
}

/**
 * The edges between pixels inside a mask and those outside, or the image's border, as the commands of an
 * SVG path whose unit is a pixel; empty for an empty mask.
 *
 * @param mask [size, size], 0 outside
 */
export function drawMaskOutline(mask: Uint8Array, size: number): string {
  const isInside = (row: number, column: number): boolean =>
    row >= 0 && row < size && column >= 0 && column < size && mask[row * size + column] !== 0;
  const lines = Array.from({ length: size + 1 }, (_, at) => {
    const across = listRuns(size, (x) => isInside(at - 1, x) !== isInside(at, x));
    const down = listRuns(size, (y) => isInside(y, at - 1) !== isInside(y, at));
    return [
      ...Array.from(across, ([first, end]) => `M${first} ${at}H${end}`),
      ...Array.from(down, ([first, end]) => `M${at} ${first}V${end}`),
    ];
  });
  return lines.flat().join('');
}
