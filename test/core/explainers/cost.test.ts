import { expect, it } from 'vitest';
import { presets } from '../../../src/core/config/presets.ts';
import { countPasses, measureSizes } from '../../../src/core/explainers/cost.ts';
import { chooseExplainers } from '../../../src/core/explainers/options.ts';

it('counts what a network sees: a channel a pass where channels are tried, a place a pass where windows are', () => {
  const image = { imageSize: 28, channels: 1, classes: 10 } as const;
  const sizes = measureSizes({ ...image, model: presets['mnist-c'].model, targetLayer: 'relu3' });
  expect(sizes).toEqual({ imageSize: 28, channels: 128 });
  const count = (name: Parameters<typeof chooseExplainers>[0][number], ...texts: string[]) =>
    countPasses(chooseExplainers([name], texts), sizes);
  expect([count('gradcam'), count('scorecam'), count('ablationcam')]).toEqual([1, 129, 130]);
  // Windows of 5 every 2 pixels: at 0, 2, ..., 22 and one that reaches over the edge.
  expect(count('occlusion')).toBe(1 + 13 ** 2);
  expect(count('rise', 'samples=9')).toBe(9);
  expect(countPasses(chooseExplainers(['gradcam', 'rise'], ['samples=9']), sizes)).toBe(10);
});
