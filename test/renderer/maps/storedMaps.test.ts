import { expect, it } from 'vitest';
import { camReader } from '../../../src/renderer/maps/storedMaps.ts';
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
