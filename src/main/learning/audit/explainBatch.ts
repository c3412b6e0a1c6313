import { readOptions, type ChosenExplainer } from '../../../core/explainers/options.ts';
import {
  layerGradientSchema,
  type ExplainerName,
  type ExplainerOptions,
  type LayerGradientMethod,
} from '../../../core/explainers/registry.ts';
import { createCamReconstructor } from '../../../core/maps/cam.ts';
import { valuesPerImage } from '../../../core/pixels.ts';
import { Random } from '../../../core/random.ts';
import type { Explainable } from '../explainers/explainable.ts';
import { sumChannels, type Method } from '../explainers/method.ts';
import { explainBy } from '../explainers/registry.ts';

/** Images [N, ...] in [0, 1] and the class to explain of each. */
export interface Batch {
  images: Float32Array;
  targets: Uint32Array;
  /** Of what methods draw, for each image. */
  seeds: Uint32Array;
  background: Float32Array;
}

const cutMaps = (values: Float32Array, length: number): Float32Array[] =>
  Array.from({ length: values.length / length }, (_, i) =>
    values.slice(i * length, (i + 1) * length),
  );

const cutPixels = (network: Explainable, values: Float32Array): Float32Array[] =>
  cutMaps(sumChannels(values, network), network.imageSize ** 2);

function enlargeAll(network: Explainable, maps: Float32Array): Float32Array[] {
  const { layer, imageSize } = network;
  const reconstruct = createCamReconstructor(layer.height, imageSize);
  return cutMaps(maps, layer.height * layer.width).map((map) =>
    reconstruct(map, new Float32Array(imageSize ** 2)),
  );
}

/** LRP of many images at once takes a network's layers one after the other only once. */
const explainByRelevance = (
  network: Explainable,
  { images, targets }: Batch,
  { rule }: ExplainerOptions<'lrp'>,
): Float32Array[] =>
  cutPixels(network, network.relevance(images, targets, { rule, channel: null }).image);

function explainEach(
  network: Explainable,
  { images, targets, seeds, background }: Batch,
  { name, options }: ChosenExplainer,
): Float32Array[] {
  const compute = explainBy[name] as Method<ExplainerName>;
  const length = valuesPerImage(network);
  const chosen = readOptions(name, options);
  return Array.from(targets, (targetClass, i) => {
    const image = images.subarray(i * length, (i + 1) * length);
    const random = Random.fromSeed(seeds[i] ?? 0);
    return compute(network, { image, targetClass, random, background }, chosen);
  });
}

/** What several methods make their maps of, worked out when the first of them asks. */
interface Shared {
  slopes: () => Float32Array;
  layerMaps: () => ReadonlyMap<LayerGradientMethod, Float32Array>;
}

function once<Value>(compute: () => Value): () => Value {
  let known: Value | undefined;
  return () => (known ??= compute());
}

function explainOne(
  network: Explainable,
  batch: Batch,
  chosen: ChosenExplainer,
  { slopes, layerMaps }: Shared,
): Float32Array[] {
  const layerMethod = layerGradientSchema.safeParse(chosen.name);
  if (layerMethod.success) {
    return enlargeAll(network, layerMaps().get(layerMethod.data) as Float32Array);
  }
  switch (chosen.name) {
    case 'lrp':
      return explainByRelevance(network, batch, readOptions('lrp', chosen.options));
    case 'gradient':
      return cutPixels(network, slopes());
    case 'gradient-x-input':
      return cutPixels(
        network,
        slopes().map((slope, i) => slope * (batch.images[i] ?? 0)),
      );
    default:
      return explainEach(network, batch, chosen);
  }
}

/**
 * The maps [S, S] of some images by each method: together where the method allows, else one by one. Methods
 * of the pixels' gradients share them; those of the layer, which the network was opened for, its activations.
 */
export function explainBatch(
  network: Explainable,
  batch: Batch,
  methods: readonly ChosenExplainer[],
): Float32Array[][] {
  const { images, targets } = batch;
  const shared: Shared = {
    slopes: once(() => network.gradients(images, targets)),
    layerMaps: once(() => network.layerMaps(images, targets)),
  };
  return methods.map((chosen) => explainOne(network, batch, chosen, shared));
}

/** Which of the methods share the layer's activations. */
export const listLayerMethods = (methods: readonly ChosenExplainer[]): LayerGradientMethod[] =>
  methods.flatMap(({ name }) => layerGradientSchema.safeParse(name).data ?? []);
