import type { AuditColumns } from '../../../core/trust/audit.ts';

/** Columns that fill up image by image; a value that is never put is NaN. */
export class ColumnWriter {
  readonly columns: AuditColumns = {};
  readonly #count: number;

  /** @param count images */
  constructor(count: number) {
    this.#count = count;
  }

  /** Puts an image's value, or its curve; every image's is as long. */
  put(name: string, image: number, value: number | ArrayLike<number>): void {
    const values = typeof value === 'number' ? [value] : value;
    const column = (this.columns[name] ??= new Float32Array(this.#count * values.length).fill(
      Number.NaN,
    ));
    column.set(values, image * values.length);
  }

  /** Puts one point of an image's curve of so many. */
  putPoint(name: string, image: number, [point, points]: readonly [number, number], value: number) {
    const column = (this.columns[name] ??= new Float32Array(this.#count * points).fill(Number.NaN));
    column[image * points + point] = value;
  }

  /** Puts several at once. */
  putAll(image: number, values: Readonly<Record<string, number | ArrayLike<number>>>): void {
    for (const [name, value] of Object.entries(values)) this.put(name, image, value);
  }
}
