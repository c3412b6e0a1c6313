import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { computeCam } from '../../../src/main/learning/cam/gradCam.ts';
import {
  createCamReconstructor,
  dequantizeCamMap,
  quantizeCamMap,
  reconstructCam,
} from '../../../src/core/maps/cam.ts';
import { flatten, goldenModel, relativeError } from '../../support/golden.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const mapOf = (size: number): fc.Arbitrary<number[]> =>
  fc.array(fc.float({ min: 0, max: 100, noNaN: true }), {
    minLength: size ** 2,
    maxLength: size ** 2,
  });
const mapValues = mapOf(7);

it('reconstructs the golden maps', () => {
  const golden = goldenModel.cases[0]?.forward;
  const maps = flatten(golden?.camMap ?? []);
  const cams = flatten(golden?.cam ?? []);
  for (let i = 0; i < 4; i += 1) {
    const size = Math.sqrt(maps.length / 4);
    const map = Float32Array.from(maps.slice(i * size * size, (i + 1) * size * size));
    expect(
      relativeError(reconstructCam(map, size, 8), cams.slice(i * 64, (i + 1) * 64)),
    ).toBeLessThan(1e-5);
  }
});

// Of the maps' sizes, the last is resized along one axis after the other.
it.each([7, 14, 28])('shows the map with side %d that training optimises', (size) => {
  fc.assert(
    fc.property(mapOf(size), (values) => {
      const inTraining = tf.tidy(() =>
        computeCam(tf.tensor3d(values, [1, size, size]), 28).dataSync<'float32'>(),
      );
      const shown = reconstructCam(Float32Array.from(values), size, 28);
      shown.forEach((value, i) => {
        expect(value).toBeCloseTo(inTraining[i] ?? Number.NaN, 4);
      });
    }),
    { numRuns: 20 },
  );
});

it('keeps an all-zero map at zero', () => {
  const { levels, scale } = quantizeCamMap(new Float32Array(49));
  expect(scale).toBe(0);
  expect(Math.max(...reconstructCam(dequantizeCamMap(levels, scale), 7, 28))).toBe(0);
});

it('stores a map to within half a level of its maximum', () => {
  fc.assert(
    fc.property(mapValues, (values) => {
      const map = Float32Array.from(values);
      const { levels, scale } = quantizeCamMap(map);
      dequantizeCamMap(levels, scale).forEach((value, i) => {
        expect(Math.abs(value - (map[i] ?? Number.NaN))).toBeLessThanOrEqual(
          scale / 510 + 1e-6 * scale,
        );
      });
    }),
  );
});

it('reconstructs one map after the other without a trace of the first', () => {
  const reconstruct = createCamReconstructor(7, 28);
  const cam = new Float32Array(28 * 28);
  fc.assert(
    fc.property(mapValues, (values) => {
      const map = Float32Array.from(values);
      expect(reconstruct(map, cam)).toBe(cam);
      expect(cam).toEqual(reconstructCam(map, 7, 28));
    }),
    { numRuns: 20 },
  );
});
