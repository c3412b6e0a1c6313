import { zlibSync } from 'fflate';
import { unpackColor } from '../../maps/colorMaps.ts';

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = (c & 1) === 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32 of PNG and zip. */
function computeCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** One chunk of a PNG: length, type, data, CRC. */
export function encodeChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(new TextEncoder().encode(type), 4);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, computeCrc(chunk.subarray(4, 8 + data.length)));
  return chunk;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** Bytes of pixels, row by row, each row with its filter (none) before it. */
function encodeRows(
  size: number,
  channels: number,
  write: (index: number) => number[],
): Uint8Array {
  const stride = size * channels + 1;
  const rows = new Uint8Array(size * stride);
  for (let i = 0; i < size * size; i += 1) {
    rows.set(write(i), Math.floor(i / size) * stride + 1 + (i % size) * channels);
  }
  return zlibSync(rows, { level: 9 });
}

/**
 * A PNG of size x size pixels, opaque, with the same bytes on every machine: a third of the size
 * where 256 colours do, as for every map.
 *
 * @param packedOf 0xAABBGGRR of the pixel at an index, row by row
 */
export function encodePng(size: number, packedOf: (index: number) => number): Uint8Array {
  const colors = Array.from({ length: size * size }, (_, i) => packedOf(i));
  const palette = new Map([...new Set(colors)].map((color, i) => [color, i]));
  const isIndexed = palette.size <= 256;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, size);
  view.setUint32(4, size);
  header.set([8, isIndexed ? 3 : 2, 0, 0, 0], 8);
  const entries = Uint8Array.from([...palette.keys()].flatMap(unpackColor));
  const rows = isIndexed
    ? encodeRows(size, 1, (i) => [palette.get(colors[i] ?? 0) ?? 0])
    : encodeRows(size, 3, (i) => [...unpackColor(colors[i] ?? 0)]);
  return joinBytes([
    signature,
    encodeChunk('IHDR', header),
    ...(isIndexed ? [encodeChunk('PLTE', entries)] : []),
    encodeChunk('IDAT', rows),
    encodeChunk('IEND', new Uint8Array(0)),
  ]);
}

export function toDataUri(png: Uint8Array): string {
  let binary = '';
  for (const byte of png) binary += String.fromCharCode(byte);
  return `data:image/png;base64,${btoa(binary)}`;
}

/** The same picture with its physical size in it: pixels per metre, after the header. */
export function setResolution(png: Uint8Array, dpi: number): Uint8Array {
  const physical = new Uint8Array(9);
  const view = new DataView(physical.buffer);
  const perMetre = Math.round(dpi / 0.0254);
  view.setUint32(0, perMetre);
  view.setUint32(4, perMetre);
  physical[8] = 1;
  const headerEnd = signature.length + 12 + 13;
  return joinBytes([
    png.subarray(0, headerEnd),
    encodeChunk('pHYs', physical),
    png.subarray(headerEnd),
  ]);
}
