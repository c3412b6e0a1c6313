import { expect, it } from 'vitest';
import { camReader, readCells, stretch } from '../../../src/renderer/maps/storedMaps.ts';
import { dequantizeCamMap, reconstructCam } from '../../../src/core/maps/cam.ts';

const mapSize = 7;
const cells = mapSize * mapSize;
const maps = {
  mapSize,
  levels: Uint8Array.from({ length: 3 * cells }, (_, i) => (i * 37) % 256),
  scales: Float32Array.of(0.5, 0, 12),
};

it('shows the map of training for each stored position', () => {
  const cam = new Float32Array(28 * 28);
  for (const position of [2, 0, 1]) {
    const levels = maps.levels.subarray(position * cells, (position + 1) * cells);
    const expected = reconstructCam(
      dequantizeCamMap(levels, maps.scales[position] ?? 0),
      mapSize,
      28,
    );
    expect(camReader(mapSize, 28)(maps, position, cam)).toEqual(expected);
  }
  expect(Math.max(...camReader(mapSize, 28)(maps, 1, cam))).toBe(0);
});

it('keeps one reader per size', () => {
  expect(camReader(7, 28)).toBe(camReader(7, 28));
  expect(camReader(7, 28)).not.toBe(camReader(7, 32));
});

it('shows each native value as a square of its own', () => {
  const cells = readCells(maps, 0, 14, new Float32Array(14 * 14));
  for (const [x, y] of [
    [0, 0],
    [5, 3],
    [13, 13],
  ] as const) {
    const level = maps.levels[Math.floor(y / 2) * 7 + Math.floor(x / 2)] ?? 0;
    expect(cells[y * 14 + x]).toBeCloseTo(level / 255, 6);
  }
  // At its own size it is the map itself; one that is zero everywhere stays so.
  expect(readCells(maps, 2, 7, new Float32Array(49))[48]).toBeCloseTo(((146 * 37) % 256) / 255, 6);
  expect(readCells(maps, 1, 7, new Float32Array(49)).every((value) => value === 0)).toBe(true);
});

it('brings maps to a scale in common', () => {
  expect([...stretch(Float32Array.of(0, 0.5, 1), 6, 12)]).toEqual([0, 0.25, 0.5]);
  expect([...stretch(Float32Array.of(0, 0.5, 1), 6, null)]).toEqual([0, 0.5, 1]);
  expect([...stretch(Float32Array.of(0, 0, 0), 0, 0)]).toEqual([0, 0, 0]);
});
