import * as tf from '@tensorflow/tfjs';
import { geometryOf } from '../../../core/models/layerKinds.ts';
import type { LrpRule } from '../../../core/explainers/lrpRules.ts';
import { AfterimageError } from '../../../core/errors.ts';
import type { Layer, LayerSpec } from '../../../core/models/layers.ts';
import type { Network } from '../../../core/models/network.ts';
import { batchNormEpsilon, stopGradient } from '../engine/ops.ts';
import { runLayer, type ForwardContext } from '../model/applyLayer.ts';

/** Keeps a share of a sum that vanishes finite. */
const epsilon = 1e-6;

/** Away from 0 by epsilon, to the side on which it is; 0 counts as positive. */
const stabilize = (z: tf.Tensor): tf.Tensor => {
  const isNegative = tf.cast(tf.less(z, 0), 'float32');
  return tf.add(z, tf.mul(tf.sub(1, tf.mul(isNegative, 2)), epsilon));
};

type Kind = LayerSpec['kind'];
type SpecOf<K extends Kind> = Extract<LayerSpec, { kind: K }>;

/** A network's layers with the values that they took. */
interface Run {
  layers: readonly Layer[];
  /** By the layers' numbers, -1 the normalised image. */
  values: ReadonlyMap<number, tf.Tensor>;
  context: ForwardContext;
  rule: LrpRule;
}

/** y = linear(x, kernel) + bias */
interface Affine {
  linear: (x: tf.Tensor, kernel: tf.Tensor) => tf.Tensor;
  kernel: tf.Tensor;
  bias: tf.Tensor;
}

/** Σⱼ of a linear map's slopes by x, each times what came back to output j. */
const pullBack = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, shares: tf.Tensor): tf.Tensor =>
  tf.grad((input: tf.Tensor) => tf.sum(tf.mul(f(input), stopGradient(shares))))(x);

/** In proportion to each input's part of the sum, bias included. */
function shareByEpsilon({ linear, kernel, bias }: Affine, x: tf.Tensor, r: tf.Tensor): tf.Tensor {
  const shares = tf.div(r, stabilize(tf.add(linear(x, kernel), bias)));
  return tf.mul(
    x,
    pullBack((input) => linear(input, kernel), x, shares),
  );
}

/** In proportion to the parts that are positive: of positive inputs and weights, and of negative ones. */
function shareByZPlus({ linear, kernel, bias }: Affine, x: tf.Tensor, r: tf.Tensor): tf.Tensor {
  const negative = (t: tf.Tensor): tf.Tensor => tf.minimum(t, 0);
  const parts = [
    [tf.relu(x), tf.relu(kernel)],
    [negative(x), negative(kernel)],
  ] as [tf.Tensor, tf.Tensor][];
  const sums = parts.map(([input, weights]) => linear(input, weights));
  const shares = tf.div(r, stabilize(tf.add(tf.addN(sums), tf.relu(bias))));
  return tf.addN(
    parts.map(([input, weights]) =>
      tf.mul(
        input,
        pullBack((t) => linear(t, weights), input, shares),
      ),
    ),
  );
}

const weightOf = ({ context }: Run, name: string): tf.Tensor | undefined => context.weights[name];

/** A convolution; with the batch norm behind it merged into its weights where there is one. */
function readConvolution(run: Run, spec: SpecOf<'convolution'>, norm: string | null): Affine {
  const { stride, padding } = geometryOf(spec);
  const linear = (x: tf.Tensor, kernel: tf.Tensor): tf.Tensor =>
    run.context.ops.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, stride, padding);
  const kernel = weightOf(run, `${spec.name}/kernel`) as tf.Tensor;
  const bias = weightOf(run, `${spec.name}/bias`) ?? tf.zeros([spec.outputs]);
  if (norm === null) return { linear, kernel, bias };
  const { statistics } = run.context;
  const [mean, variance] = ['mean', 'variance'].map((moment) => statistics?.[`${norm}/${moment}`]);
  const [gamma, beta] = ['gamma', 'beta'].map((name) => weightOf(run, `${norm}/${name}`));
  const scale = tf.mul(
    gamma as tf.Tensor,
    tf.rsqrt(tf.add(variance as tf.Tensor, batchNormEpsilon)),
  );
  const centred = tf.mul(tf.sub(bias, mean as tf.Tensor), scale);
  return { linear, kernel: tf.mul(kernel, scale), bias: tf.add(centred, beta as tf.Tensor) };
}

/** Relevance of a layer's output, handed back: by the numbers of the layers that take it. */
type Rule<K extends Kind> = (
  run: Run,
  layer: Layer & { spec: SpecOf<K> },
  r: tf.Tensor,
) => [source: number, relevance: tf.Tensor][];

/** A rule that does not look at what the layer is. */
type AnyRule = (run: Run, layer: Layer, r: tf.Tensor) => ReturnType<Rule<Kind>>;

const sourceOf = ({ sources }: Layer): number => sources[0] ?? -1;
const valueAt = ({ values }: Run, number: number): tf.Tensor => values.get(number) as tf.Tensor;

const pass: AnyRule = (_, layer, r) => [[sourceOf(layer), tf.reshape(r, [-1, ...layer.input])]];

/** As a gradient goes: to whichever input the output is. */
const follow: AnyRule = (run, layer, r) => {
  const x = valueAt(run, sourceOf(layer));
  return [[sourceOf(layer), pullBack((input) => runLayer(layer, input, run.context), x, r)]];
};

/** The batch norm that a convolution is merged with, if one takes its output. */
const normBehind = ({ layers }: Run, layer: Layer): string | null =>
  layers.find((one) => one.spec.kind === 'batchNorm' && layers[sourceOf(one)] === layer)?.spec
    .name ?? null;

const convolution: Rule<'convolution'> = (run, layer, r) => {
  const affine = readConvolution(run, layer.spec, normBehind(run, layer));
  const share = run.rule === 'epsilon' ? shareByEpsilon : shareByZPlus;
  return [[sourceOf(layer), share(affine, valueAt(run, sourceOf(layer)), r)]];
};

/** One with the convolution before it, whose output has the same relevance. */
const batchNorm: Rule<'batchNorm'> = (run, layer, r) => {
  if (run.layers[sourceOf(layer)]?.spec.kind !== 'convolution') throw refuse('batchNorm');
  return pass(run, layer, r);
};

const dense: Rule<'dense'> = (run, layer, r) => {
  const { name } = layer.spec;
  const affine: Affine = {
    linear: (x, kernel) => tf.matMul(x, kernel),
    kernel: weightOf(run, `${name}/kernel`) as tf.Tensor,
    bias: weightOf(run, `${name}/bias`) ?? tf.zeros(layer.output.slice()),
  };
  const share = run.rule === 'z-plus' ? shareByZPlus : shareByEpsilon;
  return [[sourceOf(layer), share(affine, valueAt(run, sourceOf(layer)), r)]];
};

/** To each position in proportion to its value. */
const averagePool: Rule<'averagePool'> = (run, layer, r) => {
  const x = valueAt(run, sourceOf(layer));
  const mean = runLayer(layer, x, run.context);
  const shares = tf.div(r, stabilize(mean));
  const back = pullBack((input) => runLayer(layer, input, run.context), x, shares);
  return [[sourceOf(layer), tf.mul(x, back)]];
};

/** To each side in proportion to its value. */
const add: Rule<'add'> = (run, layer, r) => {
  const sides = layer.sources.map((source) => valueAt(run, source));
  const shares = tf.div(r, stabilize(tf.addN(sides)));
  return layer.sources.map((source, i) => [source, tf.mul(sides[i] as tf.Tensor, shares)]);
};

const rules: { readonly [K in Kind]?: Rule<K> } = {
  convolution,
  batchNorm,
  dense,
  averagePool,
  add,
  relu: pass,
  dropout: pass,
  flatten: pass,
  maxPool: follow,
  shrink: follow,
};

const refuse = (kind: Kind): AfterimageError =>
  new AfterimageError(
    'INVALID_ARGUMENT',
    `Relevance has no rule for the layers of kind ${kind} that this network has.`,
    'Choose a method that needs none: any but lrp and crp.',
  );

/** The values of every layer. */
function runForward({ layers }: Network, image: tf.Tensor, context: ForwardContext) {
  const values = new Map<number, tf.Tensor>([[-1, image]]);
  layers.forEach((layer, number) => {
    const [x, other] = layer.sources.map((source) => values.get(source));
    values.set(number, runLayer(layer, x as tf.Tensor, context, other));
  });
  return values;
}

export interface RelevanceQuestion {
  /** Normalised, [B, S, S, C]. */
  images: tf.Tensor4D;
  /** One-hot, [B, classes]. */
  targets: tf.Tensor2D;
  targetLayer: string;
  rule: LrpRule;
  /** [K]: which channels of the target layer relevance passes, and no other way; null for all ways. */
  channels: tf.Tensor1D | null;
}

/**
 * Layer-wise relevance propagation of the classes' logits. Call it inside a tidy.
 *
 * @returns relevance of the images' values [B, S, S, C], and of the target layer's [B, h, w, K]
 * @throws AfterimageError INVALID_ARGUMENT where a layer has no rule
 */
export function computeRelevance(
  model: Network,
  context: ForwardContext,
  { images, targets, targetLayer, rule, channels }: RelevanceQuestion,
): { image: tf.Tensor; layer: tf.Tensor } {
  const { layers } = model;
  const unruled = layers.find(({ spec }) => rules[spec.kind] === undefined);
  if (unruled !== undefined) throw refuse(unruled.spec.kind);
  const values = runForward(model, images, context);
  const run: Run = { layers, values, context, rule };
  const last = layers.length - 1;
  const relevance = new Map([[last, tf.mul(values.get(last) as tf.Tensor, targets)]]);
  let atLayer: tf.Tensor | undefined;
  for (let number = last; number >= 0; number -= 1) {
    const layer = layers[number] as Layer;
    let own = relevance.get(number);
    if (own === undefined) continue;
    if (layer.spec.name === targetLayer) {
      atLayer = own;
      if (channels !== null) {
        own = tf.mul(own, channels);
        relevance.clear();
      }
    }
    const hand = rules[layer.spec.kind] as AnyRule;
    for (const [source, part] of hand(run, layer, own)) {
      const earlier = relevance.get(source);
      relevance.set(source, earlier === undefined ? part : tf.add(earlier, part));
    }
  }
  return { image: relevance.get(-1) as tf.Tensor, layer: atLayer as tf.Tensor };
}
