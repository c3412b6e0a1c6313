import { expect, it } from 'vitest';
import { encodeNpy, encodeNpyTexts } from '../../../src/core/formats/npy.ts';

/** The start of what numpy.save writes. */
const magic = [0x93, ...new TextEncoder().encode('NUMPY'), 1, 0];

it.each([
  [Float32Array.of(1, -2.5), [1, 2], "'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), "],
  [Int32Array.of(7, 8, 9), [3], "'descr': '<i4', 'fortran_order': False, 'shape': (3,), "],
])('writes %s as NumPy reads it', (values, shape, fields) => {
  const bytes = encodeNpy(shape, values);
  expect([...bytes.subarray(0, 8)]).toEqual(magic);
  const length = new DataView(bytes.buffer).getUint16(8, true);
  const start = 10 + length;
  expect(start % 64).toBe(0);
  const header = new TextDecoder().decode(bytes.subarray(10, start));
  expect(header.trimEnd()).toBe(`{${fields}}`);
  expect(header.at(-1)).toBe('\n');
  const data = bytes.slice(start);
  const read = values instanceof Float32Array ? Float32Array : Int32Array;
  expect(new read(data.buffer)).toEqual(values);
});

it.each([
  [['a', '𝛼βc', ''], "'descr': '<U3', 'fortran_order': False, 'shape': (3,), "],
  ['no axes', "'descr': '<U7', 'fortran_order': False, 'shape': (), "],
])('writes %j as NumPy reads texts: code points, filled up with zeros', (texts, fields) => {
  const bytes = encodeNpyTexts(texts);
  const start = 10 + new DataView(bytes.buffer).getUint16(8, true);
  expect(new TextDecoder().decode(bytes.subarray(10, start)).trimEnd()).toBe(`{${fields}}`);
  const points = new Uint32Array(bytes.slice(start).buffer);
  const width = Math.max(...[texts].flat().map((text) => Array.from(text).length));
  const read = Array.from({ length: points.length / width }, (_, i) =>
    String.fromCodePoint(...points.slice(i * width, (i + 1) * width).filter((point) => point > 0)),
  );
  expect(read).toEqual([texts].flat());
});
