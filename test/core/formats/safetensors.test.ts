import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../../src/core/errors.ts';
import { decodeSafetensors, encodeSafetensors } from '../../../src/core/formats/safetensors.ts';

const file = {
  tensors: {
    'conv1/kernel': { shape: [2, 3], values: Float32Array.of(1, -2.5, 3, 0, 1e-30, 7) },
    labels: { shape: [3], values: Uint8Array.of(7, 0, 255) },
    order: { shape: [2], values: Uint32Array.of(4_000_000_000, 1) },
  },
  metadata: { about: 'three tensors, "quoted"' },
};

it('gives back what was written', () => {
  expect(decodeSafetensors(encodeSafetensors(file), 'F')).toEqual(file);
});

it('lays bytes out as the format says', () => {
  const bytes = encodeSafetensors({
    tensors: { a: { shape: [1], values: Float32Array.of(1) } },
    metadata: {},
  });
  const headerLength = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  expect(header).toEqual({
    __metadata__: {},
    a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
  });
  expect([...bytes.subarray(8 + headerLength)]).toEqual([0, 0, 0x80, 0x3f]);
  expect(headerLength % 8).toBe(0);
});

describe('refuses', () => {
  it('every truncation, naming the file', () => {
    const bytes = encodeSafetensors(file);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        expect(() => decodeSafetensors(bytes.slice(0, length), 'maps.safetensors')).toThrow(
          /maps\.safetensors/,
        );
      }),
    );
  });

  it('a header that is no header', () => {
    const bytes = encodeSafetensors(file);
    bytes[9] = 0;
    expect(() => decodeSafetensors(bytes, 'F')).toThrow(AfterimageError);
  });

  it('values that do not fill their shape', () => {
    const wrong = { tensors: { a: { shape: [2], values: Uint8Array.of(1) } }, metadata: {} };
    expect(() => encodeSafetensors(wrong)).toThrow(RangeError);
  });
});

it('leaves out tensors of other types where they are asked for by name, and else refuses them', () => {
  const header = JSON.stringify({
    count: { dtype: 'I64', shape: [], data_offsets: [0, 8] },
    half: { dtype: 'F16', shape: [2], data_offsets: [8, 12] },
    whole: { dtype: 'F32', shape: [1], data_offsets: [12, 16] },
  });
  const bytes = Buffer.alloc(8 + header.length + 16);
  bytes.writeBigUInt64LE(BigInt(header.length));
  bytes.write(header, 8);
  bytes.writeFloatLE(0.5, 8 + header.length + 12);
  const others = new Map<string, string>();
  expect(decodeSafetensors(bytes, 'F', { others }).tensors).toEqual({
    whole: { shape: [1], values: Float32Array.of(0.5) },
  });
  expect([...others]).toEqual([
    ['count', 'I64'],
    ['half', 'F16'],
  ]);
  expect(() => decodeSafetensors(bytes, 'F')).toThrow('count is of the unknown type I64');
});
