import { expect, it } from 'vitest';
import {
  absoluteDistance,
  squaredDistance,
} from '../../../../src/core/metrics/examples/distances.ts';

it('are means over pixels', () => {
  const pair = [Float32Array.of(0, 0.5, 1, 1), Float32Array.of(0, 1, 0.75, 0)] as const;
  expect(absoluteDistance.createMeasure()(...pair)).toBe((0 + 0.5 + 0.25 + 1) / 4);
  expect(squaredDistance.createMeasure()(...pair)).toBe((0 + 0.25 + 0.0625 + 1) / 4);
});
