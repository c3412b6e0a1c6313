/** Bytes of WebAssembly's binary format. */

export type Bytes = readonly number[];

export const valueTypes = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;
export type ValueType = keyof typeof valueTypes;

/** Instructions around the arithmetic, which lanes.ts has. */
export const opcodes = {
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  branchIf: 0x0d,
  getLocal: 0x20,
  setLocal: 0x21,
} as const;

/** Unsigned LEB128: seven bits a byte, the lowest first, the eighth bit on all but the last. */
export function unsignedLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  return [...bytes, rest];
}

/** The same for signed numbers of 32 bits; the last byte's sixth bit is the sign. */
export function signedLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  while (rest < -64 || rest > 63) {
    bytes.push((rest & 127) | 128);
    rest >>= 7;
  }
  return [...bytes, rest & 127];
}

/** IEEE 754 single precision, little-endian. */
export function floatBytes(value: number): number[] {
  const bytes = new DataView(new ArrayBuffer(4));
  bytes.setFloat32(0, value, true);
  return [0, 1, 2, 3].map((i) => bytes.getUint8(i));
}

/** Bytes behind their number. */
export const sized = (bytes: Bytes): number[] => [...unsignedLeb(bytes.length), ...bytes];

/** Items behind their number. */
export const list = (items: readonly Bytes[]): number[] => [
  ...unsignedLeb(items.length),
  ...items.flat(),
];

export const text = (value: string): number[] => sized([...new TextEncoder().encode(value)]);

export const section = (id: number, items: readonly Bytes[]): number[] => [
  id,
  ...sized(list(items)),
];
