import { describe, expect, it } from 'vitest';
import { quantizeCamMap, reconstructCam } from '../../../src/core/maps/cam.ts';
import { derivedMetricNames } from '../../../src/core/metrics/exampleMetrics.ts';
import { createMapMeasures, measureStoredMaps } from '../../../src/core/metrics/mapMeasures.ts';
import { disc, pattern } from '../../support/patterns.ts';
import { finish } from '../../support/statisticsGolden.ts';

describe('the metrics of stored maps', () => {
  it('are those of each map at its image’s size', () => {
    const imageSize = 28;
    const images = [0, 1, 2].map((k) =>
      Uint8Array.from(disc(28, 3 + k), (x) => Math.round(x * 255)),
    );
    const stored = [0, 1, 2].map((k) =>
      quantizeCamMap(k === 1 ? new Float32Array(49) : pattern(7, k)),
    );
    const columns = finish(
      measureStoredMaps(derivedMetricNames, {
        mapSize: 7,
        imageSize,
        channels: 1,
        levels: Uint8Array.from(stored.flatMap(({ levels }) => [...levels])),
        scales: Float32Array.from(stored, ({ scale }) => scale),
        images: Uint8Array.from(images.flatMap((image) => [...image])),
      }),
    );
    const measure = createMapMeasures(derivedMetricNames, imageSize);
    expect(stored[1]?.scale).toBe(0);
    expect(Object.values(columns).map((column) => column[1])).toEqual(
      derivedMetricNames.map(() => Number.NaN),
    );
    for (const i of [0, 2]) {
      const { levels, scale } = stored[i] ?? quantizeCamMap(new Float32Array(49));
      const map = Float32Array.from(levels, (level) => (level / 255) * scale);
      const cam = reconstructCam(map, 7, imageSize);
      const image = Float32Array.from(images[i] ?? [], (level) => level / 255);
      const expected = measure(cam, image);
      for (const name of derivedMetricNames)
        expect(columns[name][i]).toBeCloseTo(expected[name], 6);
    }
  });
});
