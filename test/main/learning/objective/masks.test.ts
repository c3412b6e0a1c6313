import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { presets } from '../../../../src/core/config/presets.ts';
import { composedOps } from '../../../../src/main/learning/engine/ops.ts';
import { buildObjective } from '../../../../src/main/learning/objective/buildObjective.ts';
import { pullTo } from '../../../../src/main/learning/objective/masks.ts';
import type { Term, TermInput } from '../../../../src/main/learning/objective/objective.ts';
import { withSettings } from '../../../support/settings.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const mask = { mask: 'threshold', maskThreshold: 0.5 } as const;
const images = (): tf.Tensor3D => tf.tensor3d([0, 0.25, 0.75, 1], [1, 2, 2]);

it.each([
  [{ target: 'image', ...mask }, [0, 0.25, 0.75, 1]],
  [{ target: 'luminance', ...mask }, [0, 0.25, 0.75, 1]],
  [{ target: 'inverted', ...mask }, [1, 0.75, 0.25, 0]],
  [{ target: 'mask', ...mask }, [0, 0, 1, 1]],
  [{ target: 'mask', ...mask, maskThreshold: 0.1 }, [0, 1, 1, 1]],
  [{ target: 'mask', ...mask, mask: 'otsu' }, [1, 0, 0, 1]],
] as const)('pulls to %o', (rule, expected) => {
  const seen: number[] = [];
  const term: Term = ({ batch }) => {
    seen.push(...batch.images.dataSync());
    return { value: tf.scalar(0), nanBatch: tf.scalar(0) };
  };
  const masks = tf.tensor3d([1, 0, 0, 1], [1, 2, 2]);
  pullTo(rule, term)({ batch: { images: images(), masks } } as unknown as TermInput);
  expect(seen).toEqual(expected);
});

it('asks for what its terms need, and for nothing more', () => {
  const needsOf = (changes: Record<string, string>): readonly string[] =>
    buildObjective(composedOps, withSettings(presets['mnist-r'], changes)).needs;
  expect(needsOf({})).toEqual([]);
  expect(needsOf({ 'cam.mask': 'otsu' })).toEqual([]);
  expect(needsOf({ 'cam.mask': 'otsu', 'cam.target': 'mask' })).toEqual(['masks']);
  expect(needsOf({ objective: 'energy,prototype' })).toEqual(['classMeans']);
  expect(needsOf({ objective: 'energy,prototype', 'cam.mask': 'otsu' })).toEqual([
    'masks',
    'classMeans',
  ]);
  expect(needsOf({ objective: 'supcon', 'cam.mask': 'otsu', 'cam.target': 'mask' })).toEqual([]);
});
