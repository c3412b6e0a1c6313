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

const explainByLayer = (
  network: Explainable,
  { images, targets }: Batch,
  method: LayerGradientMethod,
): Float32Array[] => enlargeAll(network, network.layerMap(images, targets, method));

function explainByGradients(
  network: Explainable,
  { images, targets }: Batch,
  weigh: (slope: number, value: number) => number,
): Float32Array[] {
  const slopes = network.gradients(images, targets);
  return cutPixels(
    network,
    slopes.map((slope, i) => weigh(slope, images[i] ?? 0)),
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

/** The maps [S, S] of some images by one method: together where the method allows, else one by one. */
export function explainBatch(
  network: Explainable,
  batch: Batch,
  chosen: ChosenExplainer,
): Float32Array[] {
  const layerMethod = layerGradientSchema.safeParse(chosen.name);
  if (layerMethod.success) return explainByLayer(network, batch, layerMethod.data);
  if (chosen.name === 'lrp') {
    return explainByRelevance(network, batch, readOptions('lrp', chosen.options));
  }
  if (chosen.name === 'gradient') return explainByGradients(network, batch, (slope) => slope);
  if (chosen.name === 'gradient-x-input') {
    return explainByGradients(network, batch, (slope, value) => slope * value);
  }
  return explainEach(network, batch, chosen);
}
