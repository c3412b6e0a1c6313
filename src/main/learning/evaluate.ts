import * as tf from '@tensorflow/tfjs';
import { computeAlpha, computeCam, computeCamMap } from './cam/gradCam.ts';
import { computeMapMetrics } from './cam/mapMetrics.ts';
import { stopGradient, type Ops } from './engine/ops.ts';
import { forward, type Model } from './model/cnn.ts';
import { splitParameters } from './model/parameters.ts';
import { computeCrossEntropy } from './objective/crossEntropy.ts';
import type { Objective } from './objective/objective.ts';
import { countCorrect, normalize, type Normalization } from './step.ts';

export interface EvaluationParts {
  model: Model;
  targetLayer: string;
  normalization: Normalization;
  ops: Ops;
}

function runNetwork(
  { model, targetLayer, normalization, ops }: EvaluationParts,
  images: tf.Tensor3D,
  parameters: tf.Tensor1D,
  statistics: tf.Tensor1D,
): ReturnType<typeof forward> {
  const context = {
    ops,
    weights: splitParameters(parameters, model.parameters),
    statistics: splitParameters(statistics, model.statistics),
    dropoutMask: null,
  };
  return forward(model, normalize(images, normalization), context, targetLayer);
}

/** One-hot predicted classes, a constant to gradients. */
const choosePredicted = (logits: tf.Tensor2D): tf.Tensor2D => {
  const [, classes] = logits.shape;
  return stopGradient(tf.cast(tf.oneHot(tf.argMax(logits, 1), classes) as tf.Tensor2D, 'float32'));
};

/**
 * (images [B,S,S], labels [B,classes], parameters, statistics) -> for each image: probabilities
 * [B, classes], cross-entropy [B], the predicted class's camMap [B,h,w], inputCorrelation,
 * energyInside, iou, maskArea [B].
 */
export const buildPredictionStep =
  (parts: EvaluationParts) =>
  (inputs: tf.Tensor[]): tf.Tensor[] => {
    const [images, labels, parameters, statistics] = inputs as [
      tf.Tensor3D,
      tf.Tensor2D,
      tf.Tensor1D,
      tf.Tensor1D,
    ];
    const network = runNetwork(parts, images, parameters, statistics);
    const { activations, head } = network;
    const { alpha, logits } = computeAlpha(head, activations, choosePredicted);
    const camMap = computeCamMap(activations, alpha);
    const metrics = computeMapMetrics(computeCam(camMap, parts.model.shape.imageSize), images);
    const crossEntropy = computeCrossEntropy(logits, labels);
    return [
      tf.softmax(logits),
      crossEntropy,
      camMap,
      metrics.inputCorrelation,
      metrics.energyInside,
      metrics.iou,
      metrics.maskArea,
    ];
  };

/** (images, targets one-hot, parameters, statistics) -> camMap [B,h,w] of the targets. */
export const buildCamMapStep =
  (parts: EvaluationParts) =>
  (inputs: tf.Tensor[]): tf.Tensor[] => {
    const [images, targets, parameters, statistics] = inputs as [
      tf.Tensor3D,
      tf.Tensor2D,
      tf.Tensor1D,
      tf.Tensor1D,
    ];
    const { activations, head } = runNetwork(parts, images, parameters, statistics);
    return [computeCamMap(activations, computeAlpha(head, activations, () => targets).alpha)];
  };

/**
 * (images, labels, parameters, statistics) -> the objective of a validation batch in evaluation mode:
 * [loss, crossEntropy, contrastive, nanBatch, correct], as a training step reports them.
 */
export const buildValidationStep =
  (parts: EvaluationParts, objective: Objective) =>
  (inputs: tf.Tensor[]): tf.Tensor[] => {
    const [images, labels, parameters, statistics] = inputs as [
      tf.Tensor3D,
      tf.Tensor2D,
      tf.Tensor1D,
      tf.Tensor1D,
    ];
    const network = runNetwork(parts, images, parameters, statistics);
    const { loss, terms, logits } = objective(network, { images, labels });
    const zero = tf.scalar(0);
    const { crossEntropy, contrastive = zero, nanBatch = zero } = terms;
    const correct = countCorrect(logits, labels);
    return [tf.stack([loss, crossEntropy, contrastive, nanBatch, correct])];
  };
