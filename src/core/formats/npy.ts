const magic = '\x93NUMPY\x01\x00';
/** NumPy wants the data to begin at a multiple of this. */
const alignment = 64;

export type NpyValues = Float32Array | Int32Array | Uint8Array;

function typeOf(values: NpyValues): string {
  if (values instanceof Float32Array) return '<f4';
  return values instanceof Int32Array ? '<i4' : '|u1';
}

/** An array as NumPy's file format, version 1.0, in C order; for machines that are little-endian. */
export function encodeNpy(shape: readonly number[], values: NpyValues): Uint8Array {
  const sizes = shape.length === 1 ? `${shape.join()},` : shape.join(', ');
  const fields = `{'descr': '${typeOf(values)}', 'fortran_order': False, 'shape': (${sizes}), }`;
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
