import type * as tf from '@tensorflow/tfjs';
import type { LossTermName } from '../../../core/config/objectives.ts';
import type { TermName } from '../../../core/config/objectives/registry.ts';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import type { Images } from '../dataset/batches.ts';
import { takeLuminance } from '../dataset/luminance.ts';
import type { ForwardResult } from '../model/forward.ts';

/** What some terms need of each image besides itself and its label; a batch has it only for them. */
export type ExtraInput = 'classMeans' | 'masks';

export interface ObjectiveBatch extends Partial<Record<ExtraInput, tf.Tensor3D>> {
  /** [B, S, S] in [0, 1], before normalisation: what maps are compared with, of colours their luminance. */
  images: tf.Tensor3D;
  /** One-hot [B, classes]. */
  labels: tf.Tensor2D;
}

/** What an objective is computed from, of a network that has run as far as the target layer. */
export interface ObjectiveNetwork extends Pick<ForwardResult, 'activations' | 'head'> {
  /** What it sees, in [0, 1], before normalisation: of colours [B, S, S, 3]. */
  pixels?: Images;
  /** The whole network once more, on such pixels -> logits [B, classes]. */
  logitsOf?: (pixels: Images) => tf.Tensor2D;
}

/** A batch as engines are given it: images, grey or in colour, labels, then what the objective needs besides. */
export const listInputs = (
  batch: Omit<ObjectiveBatch, 'images'> & { images: Images },
  needs: readonly ExtraInput[],
): tf.Tensor[] => [
  ...[batch.images, batch.labels],
  ...needs.map((name) => given(batch[name], name)),
];

/** The way back; the inputs after the batch's are the rest. */
export function readInputs(
  [images, labels, ...others]: readonly tf.Tensor[],
  needs: readonly ExtraInput[],
): { pixels: Images; batch: ObjectiveBatch; rest: tf.Tensor[] } {
  const extras = Object.fromEntries(needs.map((name, i) => [name, others[i]]));
  const pixels = images as Images;
  return {
    pixels,
    batch: { images: takeLuminance(pixels), labels, ...extras } as ObjectiveBatch,
    rest: others.slice(needs.length),
  };
}

/** What an objective makes of one batch. */
export interface ObjectiveResult {
  /** What is minimised. */
  loss: tf.Scalar;
  /** Each of the objective's addends before its weight, the batch's mean. */
  terms: Readonly<Partial<Record<LossTermName, tf.Scalar>>>;
  /** 1 where a term was set to zero because an operand held a NaN, else 0; absent: always 0. */
  nanBatch?: tf.Scalar;
  /** [B, classes] */
  logits: tf.Tensor2D;
}

/** What is minimised, and the names of the addends that it is made of. */
export interface Objective {
  terms: readonly LossTermName[];
  /** What batches must have for it. */
  needs: readonly ExtraInput[];
  compute(network: ObjectiveNetwork, batch: ObjectiveBatch): ObjectiveResult;
}

/** The settings of a term. */
export type TermConfig<Name extends TermName> = NonNullable<RunConfig['objective'][Name]>;

/** What terms are computed from. */
export interface TermInput {
  /** Of the target layer, [B, h, w, K]. */
  activations: tf.Tensor4D;
  /** Channel weights of the labels' maps, [B, K]. */
  alpha: tf.Tensor2D;
  /** [B, classes] */
  logits: tf.Tensor2D;
  /** Of the layer before the last, [B, D]; null of a head that tells none. */
  features?: tf.Tensor2D | null;
  /** What the network sees, and its logits of such, by the same weights, dropout mask and statistics. */
  pixels?: ObjectiveNetwork['pixels'] | undefined;
  logitsOf?: ObjectiveNetwork['logitsOf'] | undefined;
  batch: ObjectiveBatch;
}

/** A term of the objective besides cross-entropy, before its weight: the batch's mean. One file each. */
export type Term = (input: TermInput) => {
  value: tf.Scalar;
  /** 1 where the term was set to zero because an operand held a NaN, else 0. */
  nanBatch: tf.Scalar;
};

/** What a term cannot do without; a RangeError of the objective where it is absent. */
export function given<T>(value: T | null | undefined, what: string): T {
  if (value === undefined || value === null) throw new RangeError(`objective: no ${what} given`);
  return value;
}
