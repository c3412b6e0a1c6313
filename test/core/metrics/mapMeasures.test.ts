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

describe('metrics of the inside, by masks of the data set', () => {
  const rule = { mask: 'dataset', maskThreshold: 0.5 } as const;
  const image = Float32Array.of(1, 0, 0, 0);
  const cam = Float32Array.of(0.2, 1, 0.6, 0.2);

  it('are of what is inside the mask, by hand', () => {
    const measure = createMapMeasures(['energyInside', 'iou', 'pointing'], 2, rule);
    const { energyInside, iou, pointing } = measure(cam, image, Uint8Array.of(0, 1, 0, 1));
    expect(energyInside).toBeCloseTo(1.2 / 2, 6);
    // The map is above 0.5 at 1 and 2, the mask has 1 and 3.
    expect(iou).toBeCloseTo(1 / 3, 6);
    expect(pointing).toBe(1);
  });

  it('have no value where the mask is empty', () => {
    const measure = createMapMeasures(['energyInside', 'iou', 'pointing'], 2, rule);
    expect(Object.values(measure(cam, image, new Uint8Array(4)))).toEqual([NaN, NaN, NaN]);
  });

  it('take the mask of each stored map', () => {
    const stored = [quantizeCamMap(cam), quantizeCamMap(cam)];
    const columns = finish(
      measureStoredMaps(['energyInside'], {
        mapSize: 2,
        imageSize: 2,
        channels: 1,
        levels: Uint8Array.from(stored.flatMap(({ levels }) => [...levels])),
        scales: Float32Array.from(stored, ({ scale }) => scale),
        images: new Uint8Array(8),
        masks: Uint8Array.of(0, 1, 0, 0, 1, 0, 0, 0),
        rule,
      }),
    );
    const [first = NaN, second = NaN] = columns.energyInside;
    expect(first).toBeCloseTo(0.5, 2);
    expect(second).toBeCloseTo(0.1, 2);
  });
});
