import * as tf from '@tensorflow/tfjs';
import { joinFloats } from '../../../core/arrays.ts';
import { lrpRules, type LrpRule } from '../../../core/explainers/lrpRules.ts';
import type { LayerGradientMethod } from '../../../core/explainers/registry.ts';
import type { Network } from '../../../core/models/network.ts';
import { sizeOf } from '../../../core/models/layers.ts';
import {
  shapeOfImages,
  valuesPerImage,
  type Channels,
  type PixelFormat,
} from '../../../core/pixels.ts';
import { makeOneHot, type Images } from '../dataset/batches.ts';
import type { Engine, Program, StateFunction } from '../engine/engine.ts';
import { buildCamMapStep, contextOf, runNetwork, type EvaluationParts } from '../evaluate.ts';
import { totalSize } from '../model/parameters.ts';
import { normalize, type Normalization } from '../step.ts';
import { layerGradientMaps } from './layerGradientMaps.ts';
import { imagesAtOnce } from './method.ts';
import { buildPrototypes, buildSimilarities, type PrototypesOf } from './prototypesOf.ts';
import { computeRelevance } from './relevance.ts';

/**
 * A network as explainers ask it: plain numbers in and out, whatever its layers and engine. Images are
 * [N, S, S] or [N, S, S, 3] in [0, 1]; what the network makes of their values is its own business.
 */
export interface Explainable extends PixelFormat {
  /** Of a network without, null. */
  prototypes: PrototypesOf | null;
  classes: number;
  /** Of the data set, for each channel: the value of a pixel that says nothing. */
  mean: readonly number[];
  /** Of the target layer. */
  layer: { height: number; width: number; channels: number };
  /** Logits [N, classes]. */
  logits: (images: Float32Array) => Float32Array;
  /** Gradients of a class's logit by the pixels' values, of the images' shape. */
  gradients: (images: Float32Array, targets: Targets) => Float32Array;
  /** Of the target layer for one image, [h, w, K]. */
  activations: (image: Float32Array) => Float32Array;
  /** Logits [N, classes] where the layer has activations [N, h, w, K] in place of the image's own. */
  headLogits: (image: Float32Array, activations: Float32Array) => Float32Array;
  /** Relevance of images' values and of the layer's [N, h, w, K]; by way of one channel, or of all. */
  relevance: (
    images: Float32Array,
    targets: Targets,
    by: { rule: LrpRule; channel: number | null },
  ) => { image: Float32Array; layer: Float32Array };
  /** Relevance of the layer's channels for each image's class, [N, K], summed over positions. */
  channelRelevance: (images: Float32Array, targets: Targets, rule: LrpRule) => Float32Array;
  /** The native maps [N, h, w] by a method of activations and gradients. */
  layerMap: (images: Float32Array, targets: Targets, method: LayerGradientMethod) => Float32Array;
  /** The same by each of the methods that the network was opened for, which see the images once. */
  layerMaps: (images: Float32Array, targets: Targets) => Map<LayerGradientMethod, Float32Array>;
}

/** The class to explain: one for all images, or one of each. */
type Targets = number | ArrayLike<number>;

export interface ExplainableParts {
  engine: Engine;
  model: Network;
  targetLayer: string;
  normalization: Normalization;
  /** Methods of the layer whose maps are wanted together. */
  together?: readonly LayerGradientMethod[];
  /** Told after every call how many images the network has seen in it. */
  onImages?: (images: number) => void;
}

type RelevanceFunction = `${'lrp' | 'crp'} ${LrpRule}`;

/** Inputs images, targets one-hot and, for one channel alone, a mask [K] -> relevance of image and layer. */
const buildRelevance =
  (parts: EvaluationParts, rule: LrpRule): StateFunction =>
  ([images, targets, mask], state) => {
    const { image, layer } = computeRelevance(parts.model, contextOf(parts, state), {
      images: normalize(images as Images, parts.normalization),
      targets: targets as tf.Tensor2D,
      ...{ targetLayer: parts.targetLayer, rule },
      channels: (mask as tf.Tensor1D | undefined) ?? null,
    });
    return { outputs: [image, layer] };
  };

const buildRelevances = (parts: EvaluationParts) =>
  Object.fromEntries(
    lrpRules.flatMap((rule) =>
      ['lrp', 'crp'].map((kind) => [`${kind} ${rule}`, buildRelevance(parts, rule)]),
    ),
  ) as Record<RelevanceFunction, StateFunction>;

const buildFunctions = (parts: EvaluationParts, together: readonly LayerGradientMethod[]) => {
  const logits: StateFunction = ([images], state) => {
    const { activations, head } = runNetwork(parts, images as Images, state);
    return { outputs: [head(activations)] };
  };
  const gradients: StateFunction = ([images, targets], state) => {
    const classScore = (x: tf.Tensor): tf.Tensor => {
      const { activations, head } = runNetwork(parts, x as Images, state);
      return tf.sum(tf.mul(head(activations), targets as tf.Tensor2D));
    };
    return { outputs: [tf.grad(classScore)(images as Images)] };
  };
  const layerActivations: StateFunction = ([images], state) => ({
    outputs: [runNetwork(parts, images as Images, state).activations],
  });
  const headLogits: StateFunction = ([images, replaced], state) => ({
    outputs: [runNetwork(parts, images as Images, state).head(replaced as tf.Tensor4D)],
  });
  const maps = Object.fromEntries(
    Object.entries(layerGradientMaps).map(([name, explain]) => [
      name,
      buildCamMapStep(parts, explain),
    ]),
  ) as Record<LayerGradientMethod, StateFunction>;
  const layerMaps: StateFunction = ([images, targets], state) => {
    const { activations, head } = runNetwork(parts, images as Images, state);
    const of = { ops: parts.ops, activations, head, targets: targets as tf.Tensor2D };
    return { outputs: together.map((method) => layerGradientMaps[method](of)) };
  };
  const similarities = buildSimilarities(parts);
  const ofLayer = { activations: layerActivations, headLogits, layerMaps, ...maps };
  return { logits, gradients, similarities, ...ofLayer, ...buildRelevances(parts) };
};

type Functions = keyof ReturnType<typeof buildFunctions>;

/** Runs a function and takes what it gives out of the engine. */
function takeOutputs(
  program: Program<Functions>,
  name: Functions,
  inputs: tf.Tensor[],
): Float32Array[] {
  const outputs = program.run(name, inputs);
  const values = outputs.map((output) => output.dataSync<'float32'>().slice());
  tf.dispose([...inputs, ...outputs]);
  return values;
}

/** Cuts [N, ...] into batches, and joins what comes of them. */
function inBatches(
  values: Float32Array,
  size: number,
  compute: (part: Float32Array, count: number, from: number) => Float32Array,
): Float32Array {
  const count = values.length / size;
  const parts: Float32Array[] = [];
  for (let from = 0; from < count; from += imagesAtOnce) {
    const to = Math.min(count, from + imagesAtOnce);
    parts.push(compute(values.subarray(from * size, to * size), to - from, from));
  }
  return joinFloats(parts);
}

function findLayer({ layers }: Network, targetLayer: string): Explainable['layer'] {
  const [height = 0, width = 0, channels = 0] =
    layers.find(({ spec }) => spec.name === targetLayer)?.output ?? [];
  return { height, width, channels };
}

/** Runs functions of the network and tells how many images it has seen. */
type Ask = (name: Functions, images: number, inputs: tf.Tensor[]) => Float32Array[];

/** What a network's functions take, made of plain numbers. */
function createInputs({ model, targetLayer }: ExplainableParts) {
  const { imageSize, classes } = model;
  const format: PixelFormat = { imageSize, channels: model.channels as Channels };
  const values = valuesPerImage(format);
  const layer = findLayer(model, targetLayer);
  return {
    ...{ format, values, layer },
    images: (images: Float32Array): tf.Tensor =>
      tf.tensor(images, shapeOfImages(images.length / values, format)),
    targets: (targets: Targets, count: number, from = 0): tf.Tensor2D => {
      const targetOf = (i: number): number =>
        typeof targets === 'number' ? targets : (targets[from + i] ?? 0);
      const labels = Uint32Array.from({ length: count }, (_, i) => targetOf(i));
      return makeOneHot(labels, classes);
    },
    activations: (activations: Float32Array, count: number): tf.Tensor4D =>
      tf.tensor4d(activations, [count, layer.height, layer.width, layer.channels]),
    mask: (channel: number): tf.Tensor1D =>
      tf.tensor1d(Array.from({ length: layer.channels }, (_, k) => Number(k === channel))),
  };
}

/** [N, h, w, K] -> [N, K] */
function sumPositions(values: Float32Array, count: number, channels: number): Float32Array {
  const sums = new Float64Array(count * channels);
  const perImage = values.length / count;
  values.forEach((value, i) => {
    const place = Math.floor(i / perImage) * channels + (i % channels);
    sums[place] = (sums[place] ?? 0) + value;
  });
  return Float32Array.from(sums);
}

function buildExplainable(
  parts: ExplainableParts,
  ask: Ask,
  readStatistics: () => Float32Array,
): Explainable {
  const inputs = createInputs(parts);
  const { format, values, layer } = inputs;
  const { together = [] } = parts;
  const first = (...asked: Parameters<Ask>): Float32Array => ask(...asked)[0] as Float32Array;
  return {
    ...{ ...format, classes: parts.model.classes, layer },
    prototypes: buildPrototypes(
      parts.model,
      (image) => first('similarities', 1, [inputs.images(image)]),
      readStatistics,
    ),
    mean: [parts.normalization.mean].flat(),
    logits: (images) =>
      inBatches(images, values, (part, count) => first('logits', count, [inputs.images(part)])),
    gradients: (images, targets) =>
      inBatches(images, values, (part, count, from) =>
        first('gradients', count, [inputs.images(part), inputs.targets(targets, count, from)]),
      ),
    activations: (image) => first('activations', 1, [inputs.images(image)]),
    headLogits: (image, activations) =>
      inBatches(activations, sizeOf(Object.values(layer)), (part, count) =>
        first('headLogits', count, [inputs.images(image), inputs.activations(part, count)]),
      ),
    relevance: (images, targets, { rule, channel }) => {
      const count = images.length / values;
      const asked = [inputs.images(images), inputs.targets(targets, count)];
      const [ofImage, ofLayer] =
        channel === null
          ? ask(`lrp ${rule}`, count, asked)
          : ask(`crp ${rule}`, count, [...asked, inputs.mask(channel)]);
      return { image: ofImage as Float32Array, layer: ofLayer as Float32Array };
    },
    channelRelevance: (images, targets, rule) =>
      inBatches(images, values, (part, count, from) => {
        const asked = [inputs.images(part), inputs.targets(targets, count, from)];
        const [, ofLayer] = ask(`lrp ${rule}`, count, asked);
        return sumPositions(ofLayer as Float32Array, count, layer.channels);
      }),
    layerMap: (images, targets, method) =>
      inBatches(images, values, (part, count, from) =>
        first(method, count, [inputs.images(part), inputs.targets(targets, count, from)]),
      ),
    layerMaps: (images, targets) => {
      const count = images.length / values;
      const asked = [inputs.images(images), inputs.targets(targets, count)];
      const maps = ask('layerMaps', count, asked);
      return new Map(together.map((method, i) => [method, maps[i] as Float32Array]));
    },
  };
}

/**
 * A network on an engine. `setWeights` gives it an epoch's, parameters and statistics one after the
 * other as programs keep them; `close` releases it.
 */
export function openExplainable(parts: ExplainableParts): {
  explainable: Explainable;
  setWeights: (state: readonly Float32Array[]) => void;
  close: () => void;
} {
  const { engine, model, targetLayer, normalization, together = [] } = parts;
  const { onImages = () => undefined } = parts;
  const network = { model, targetLayer, normalization, ops: engine.ops };
  const functions = buildFunctions(network, together);
  const program = engine.load(functions, [model.parameters, model.statistics].map(totalSize));
  const ask: Ask = (name, images, inputs) => {
    const outputs = takeOutputs(program, name, inputs);
    onImages(images);
    return outputs;
  };
  return {
    explainable: buildExplainable(parts, ask, () => program.readState()[1] as Float32Array),
    setWeights: (state) => {
      program.writeState(state);
    },
    close: () => {
      program.close();
    },
  };
}
