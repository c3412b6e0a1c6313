/** The patch of a training image that a prototype is nearest to. */
export interface NearestPatch {
  /** Squared. */
  distance: number;
  /** Index of the image, and where on its map the patch is. */
  image: number;
  row: number;
  column: number;
  /** [D] */
  values: Float32Array;
}

/** A map of an image: [height, width, D] from `offset` on in `values`. */
interface ImageMap {
  values: Float32Array;
  offset: number;
  height: number;
  width: number;
}

function squareDistance(
  values: Float32Array,
  from: number,
  vectors: Float32Array,
  at: number,
  channels: number,
): number {
  let sum = 0;
  for (let k = 0; k < channels; k += 1) {
    const difference = (values[from + k] ?? 0) - (vectors[at + k] ?? 0);
    sum += difference * difference;
  }
  return sum;
}

/**
 * Finds for each prototype the nearest patch among those of the images of its class, which are visited one
 * after the other; of equally near ones the first.
 *
 * @param vectors [P, D], class after class
 */
export class NearestPatches {
  readonly #vectors: Float32Array;
  readonly #channels: number;
  readonly #perClass: number;
  /** Null while no image of the class has been seen. */
  readonly found: (NearestPatch | null)[];

  constructor(vectors: Float32Array, count: number, classes: number) {
    this.#vectors = vectors;
    this.#channels = vectors.length / count;
    this.#perClass = count / classes;
    this.found = Array.from({ length: count }, () => null);
  }

  visit(map: ImageMap, image: number, label: number): void {
    for (let own = 0; own < this.#perClass; own += 1) {
      this.#compare(map, image, label * this.#perClass + own);
    }
  }

  #compare({ values, offset, height, width }: ImageMap, image: number, prototype: number): void {
    const channels = this.#channels;
    let least = this.found[prototype]?.distance ?? Infinity;
    let nearest = -1;
    for (let place = 0; place < height * width; place += 1) {
      const from = offset + place * channels;
      const distance = squareDistance(values, from, this.#vectors, prototype * channels, channels);
      if (distance < least) [least, nearest] = [distance, place];
    }
    if (nearest < 0) return;
    const from = offset + nearest * channels;
    const [row, column] = [Math.floor(nearest / width), nearest % width];
    const patch = values.slice(from, from + channels);
    this.found[prototype] = { distance: least, image, row, column, values: patch };
  }
}
