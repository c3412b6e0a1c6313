const magic = '\x93NUMPY\x01\x00';
/** NumPy wants the data to begin at a multiple of this. */
const alignment = 64;

export type NpyValues = Float32Array | Int32Array | Uint32Array | Uint8Array;

function typeOf(values: NpyValues): string {
  if (values instanceof Float32Array) return '<f4';
  if (values instanceof Int32Array) return '<i4';
  return values instanceof Uint32Array ? '<u4' : '|u1';
}

const describeShape = (shape: readonly number[]): string =>
  shape.length === 1 ? `(${shape.join()},)` : `(${shape.join(', ')})`;

/** An array whose elements NumPy calls `type`. */
function encode(type: string, shape: readonly number[], values: NpyValues): Uint8Array {
  const fields = `{'descr': '${type}', 'fortran_order': False, 'shape': ${describeShape(shape)}, }`;
  const bare = magic.length + 2 + fields.length + 1;
  const header = `${fields}${' '.repeat((alignment - (bare % alignment)) % alignment)}\n`;
  const bytes = new Uint8Array(magic.length + 2 + header.length + values.byteLength);
  const write = (text: string, at: number): void => {
    bytes.set(
      Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
      at,
    );
  };
  write(magic, 0);
  new DataView(bytes.buffer).setUint16(magic.length, header.length, true);
  write(header, magic.length + 2);
  const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  bytes.set(data, magic.length + 2 + header.length);
  return bytes;
}

/** An array as NumPy's file format, version 1.0, in C order; for machines that are little-endian. */
export const encodeNpy = (shape: readonly number[], values: NpyValues): Uint8Array =>
  encode(typeOf(values), shape, values);

/** Texts as an array of NumPy's, each as wide as the longest; a single text as one without axes. */
export function encodeNpyTexts(texts: string | readonly string[]): Uint8Array {
  const points = [texts].flat().map((text) => Array.from(text, (one) => one.codePointAt(0) ?? 0));
  const width = Math.max(1, ...points.map(({ length }) => length));
  const values = new Uint32Array(points.length * width);
  points.forEach((own, i) => {
    values.set(own, i * width);
  });
  return encode(`<U${width}`, typeof texts === 'string' ? [] : [points.length], values);
}
