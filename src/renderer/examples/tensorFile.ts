import { AfterimageError } from '../../core/errors.ts';
import { decodeSafetensors } from '../../core/formats/safetensors.ts';
import type { TensorFile, TensorValues } from '../../core/formats/safetensors.ts';

/** Bytes that crossed as text. */
export const fromBase64 = (text: string): Uint8Array =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** Reads tensors that a call of the workbench promised, by name, element type and length. */
export class TensorReader {
  readonly metadata: Record<string, string>;
  readonly #tensors: TensorFile['tensors'];
  readonly #name: string;

  /** `name` stands for the file in errors. */
  constructor({ tensors, metadata }: TensorFile, name: string) {
    this.#tensors = tensors;
    this.metadata = metadata;
    this.#name = name;
  }

  static async fromBlob(blob: Blob, name: string): Promise<TensorReader> {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return new TensorReader(decodeSafetensors(bytes, name), name);
  }

  /** Of what came in a stream, which carries no bytes. */
  static fromBase64(text: string, name: string): TensorReader {
    return new TensorReader(decodeSafetensors(fromBase64(text), name), name);
  }

  has(name: string): boolean {
    return this.#tensors[name] !== undefined;
  }

  shape(name: string): readonly number[] {
    return this.#find(name).shape;
  }

  bytes(name: string): Uint8Array {
    return this.#typed(name, Uint8Array);
  }

  floats(name: string): Float32Array {
    return this.#typed(name, Float32Array);
  }

  counts(name: string): Uint32Array {
    return this.#typed(name, Uint32Array);
  }

  #find(name: string): TensorFile['tensors'][string] {
    const tensor = this.#tensors[name];
    if (tensor === undefined) throw this.#unusable(`it has no ${name}`);
    return tensor;
  }

  #typed<T extends TensorValues>(name: string, type: new () => T): T {
    const { values } = this.#find(name);
    if (!(values instanceof type)) throw this.#unusable(`${name} is no ${type.name}`);
    return values;
  }

  #unusable(what: string): AfterimageError {
    return new AfterimageError(
      'CORRUPT_INPUT',
      `${this.#name} cannot be shown: ${what}.`,
      'Reload the page; if it happens again, check the history under Settings.',
    );
  }
}
