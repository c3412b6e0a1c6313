import * as tf from '@tensorflow/tfjs';
import type { MaskRule } from '../../../core/metrics/foreground.ts';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import { markAbove } from '../cam/tensorMeasures.ts';
import { given, type ExtraInput, type ObjectiveBatch, type Term } from './objective.ts';

/** What masks are made from on the engine; masks by any other rule come with the batch. */
export const needsForMasks = ({ mask }: MaskRule): readonly ExtraInput[] =>
  mask === 'threshold' ? [] : ['masks'];

/** 1 inside the mask of each image, 0 outside: [B, S, S], a constant to gradients. */
export const masksOf = (
  { images, masks }: Pick<ObjectiveBatch, 'images' | 'masks'>,
  { mask, maskThreshold }: MaskRule,
): tf.Tensor3D => (mask === 'threshold' ? markAbove(images, maskThreshold) : given(masks, 'masks'));

type TargetRule = MaskRule & Pick<RunConfig['cam'], 'target'>;

/** What maps of a batch are pulled to, [B, S, S] in [0, 1]. */
function targetsOf(batch: ObjectiveBatch, { target, ...rule }: TargetRule): tf.Tensor3D {
  if (target === 'mask') return masksOf(batch, rule);
  return target === 'inverted' ? tf.sub(1, batch.images) : batch.images;
}

/** A term of maps and images, of maps and what a run pulls them to. */
export const pullTo =
  (rule: TargetRule, term: Term): Term =>
  (input) =>
    term({ ...input, batch: { ...input.batch, images: targetsOf(input.batch, rule) } });
