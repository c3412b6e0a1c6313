import * as tf from '@tensorflow/tfjs';
import { computeAlpha, computeCam, computeCamMap } from './cam/gradCam.ts';
import { computeMaskArea, tensorMeasures } from './cam/tensorMeasures.ts';
import type { Images } from './dataset/batches.ts';
import type { StateFunction } from './engine/engine.ts';
import { stopGradient, type Ops } from './engine/ops.ts';
import type { Explain } from './explainers/explain.ts';
import { defaultMask, type MaskRule } from '../../core/metrics/foreground.ts';
import type { Network } from '../../core/models/network.ts';
import type { ForwardContext } from './model/applyLayer.ts';
import { computeLogits, forward, type ForwardResult } from './model/forward.ts';
import { splitParameters } from './model/parameters.ts';
import { masksOf, needsForMasks } from './objective/masks.ts';
import { computeCrossEntropy } from './objective/crossEntropy.ts';
import { packTerms } from './objective/batchTerms.ts';
import { readInputs, type Objective } from './objective/objective.ts';
import { countCorrect, normalize, type Normalization } from './step.ts';

export interface EvaluationParts {
  model: Network;
  targetLayer: string;
  normalization: Normalization;
  ops: Ops;
  /** What of an image is inside; by default pixels above 0.5. */
  rule?: MaskRule;
}

/** The forward pass of a state in evaluation mode. */
export function contextOf(
  { model, ops }: EvaluationParts,
  [parameters, statistics]: tf.Tensor1D[],
): ForwardContext {
  if (parameters === undefined || statistics === undefined) {
    throw new RangeError('evaluate: the state is missing');
  }
  return {
    ops,
    weights: splitParameters(parameters, model.parameters),
    statistics: splitParameters(statistics, model.statistics),
    dropoutMask: null,
  };
}

/** The network of a state, in evaluation mode, on images in [0, 1]; cut at the target layer. */
export function runNetwork(
  parts: EvaluationParts,
  images: Images,
  state: tf.Tensor1D[],
): ForwardResult {
  const { model, targetLayer, normalization } = parts;
  return forward(model, normalize(images, normalization), contextOf(parts, state), targetLayer);
}

/** One-hot predicted classes, a constant to gradients. */
const choosePredicted = (logits: tf.Tensor2D): tf.Tensor2D => {
  const [, classes] = logits.shape;
  return stopGradient(tf.cast(tf.oneHot(tf.argMax(logits, 1), classes) as tf.Tensor2D, 'float32'));
};

/**
 * (images [B,S,S] or [B,S,S,3], labels [B,classes], and masks [B,S,S] where the rule is no threshold) -> for
 * each image: probabilities
 * [B, classes], cross-entropy [B], the predicted class's camMap [B,h,w], maskArea [B], and [B] of each of
 * the tensor measures.
 */
export const buildPredictionStep =
  (parts: EvaluationParts): StateFunction =>
  (inputs, state) => {
    const { rule = defaultMask } = parts;
    const { pixels, batch } = readInputs(inputs, needsForMasks(rule));
    const { images, labels } = batch;
    const { activations, head } = runNetwork(parts, pixels, state);
    const { alpha, logits } = computeAlpha(head, activations, choosePredicted);
    const camMap = computeCamMap(parts.ops, activations, alpha);
    const cam = computeCam(camMap, parts.model.imageSize);
    const masks = masksOf(batch, rule);
    const measures = [...tensorMeasures.values()].map((measure) => measure(cam, images, masks));
    const crossEntropy = computeCrossEntropy(logits, labels);
    const maskArea = computeMaskArea(masks);
    return { outputs: [tf.softmax(logits), crossEntropy, camMap, maskArea, ...measures] };
  };

/** (images) -> what a layer makes of them, [B, ...output]. */
export const buildOutputStep =
  (parts: EvaluationParts, layer: string): StateFunction =>
  ([images], state) => {
    const outputs: tf.Tensor[] = [];
    const { activations, head } = runNetwork(parts, images as Images, state);
    head(activations, (_, outputOf) => outputs.push(outputOf(layer)));
    return { outputs };
  };

/** (images, targets one-hot) -> the targets' native maps [B,h,w] by an explainer. */
export const buildCamMapStep =
  (parts: EvaluationParts, explain: Explain): StateFunction =>
  (inputs, state) => {
    const [images, targets] = inputs as [Images, tf.Tensor2D];
    const { activations, head } = runNetwork(parts, images, state);
    return { outputs: [explain({ ops: parts.ops, activations, head, targets })] };
  };

/**
 * A batch (`listInputs`) -> the objective of a validation batch in evaluation mode: its terms, as a
 * training step reports them.
 */
export const buildValidationStep =
  (parts: EvaluationParts, objective: Objective): StateFunction =>
  (inputs, state) => {
    const { pixels, batch } = readInputs(inputs, objective.needs);
    const { model, normalization, targetLayer } = parts;
    const context = contextOf(parts, state);
    const logitsOf = (x: Images): tf.Tensor2D =>
      computeLogits(model, normalize(x, normalization), context, targetLayer);
    const network = { ...runNetwork(parts, pixels, state), pixels, logitsOf };
    const result = objective.compute(network, batch);
    const correct = countCorrect(result.logits, batch.labels);
    return { outputs: [packTerms(objective, result, correct)] };
  };
