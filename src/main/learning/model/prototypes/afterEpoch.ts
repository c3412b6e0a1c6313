import type { NamedTensor } from '../../../../core/formats/safetensors.ts';
import { sourceFields } from '../../../../core/models/layerKinds.ts';
import type { ModelSettings } from '../../../../core/models/network.ts';
import { cut } from '../../dataset/batches.ts';
import type { AdjustedNetwork, AfterEpoch } from '../afterEpoch.ts';
import { optimizeLastLayer } from './lastLayer.ts';
import { NearestPatches, type NearestPatch } from './projection.ts';

/** Of the layers that `listPrototypeLayers` has. */
const [patches, similarity] = ['addOn2.sigmoid', 'similarity'] as const;
const names = { vectors: 'prototypes/vectors', source: 'prototypes/source', last: 'dense/kernel' };

/** Training images that the network sees at a time. */
const batchSize = 200;

type Settings = Extract<ModelSettings, { name: 'protopnet' }>;
type Progress = () => Promise<void>;

/** Height and width are alike: images are square. */
function visitMaps(
  nearest: NearestPatches,
  maps: Float32Array,
  channels: number,
  images: Uint32Array,
  labels: Uint8Array,
): void {
  const size = maps.length / images.length;
  const side = Math.sqrt(size / channels);
  images.forEach((image, i) => {
    const map = { values: maps, offset: i * size, height: side, width: side };
    nearest.visit(map, image, labels[i] ?? 0);
  });
}

async function findNearest(
  network: AdjustedNetwork,
  { shape, values }: NamedTensor,
  progress: Progress,
): Promise<(NearestPatch | null)[]> {
  const [count = 0, channels = 0] = shape;
  const nearest = new NearestPatches(values as Float32Array, count, network.classes);
  let first = 0;
  for (const images of cut(network.images, batchSize)) {
    const maps = network.outputsOf(patches, images);
    const labels = network.labels.subarray(first, first + images.length);
    visitMaps(nearest, maps, channels, images, labels);
    first += images.length;
    await progress();
  }
  return nearest.found;
}

/** Each prototype as the patch that was found for it, and what that is of. */
function moveTo(
  found: readonly (NearestPatch | null)[],
  vectors: NamedTensor,
  source: NamedTensor,
  epoch: number,
): Record<string, NamedTensor> {
  const [moved, origin] = [vectors, source].map(({ values }) => Float32Array.from(values));
  found.forEach((patch, p) => {
    if (patch === null) return;
    moved?.set(patch.values, p * patch.values.length);
    const { image, row, column } = patch;
    origin?.set([image, row, column, epoch], p * sourceFields.length);
  });
  return {
    [names.vectors]: { ...vectors, values: moved as Float32Array },
    [names.source]: { ...source, values: origin as Float32Array },
  };
}

async function gatherSimilarities(
  network: AdjustedNetwork,
  count: number,
  progress: Progress,
): Promise<Float32Array> {
  const similarities = new Float32Array(network.images.length * count);
  let offset = 0;
  for (const images of cut(network.images, batchSize)) {
    const part = network.outputsOf(similarity, images);
    similarities.set(part, offset);
    offset += part.length;
    await progress();
  }
  return similarities;
}

async function optimize(
  network: AdjustedNetwork,
  { lastLayerIterations, sparsityWeight }: Settings,
  progress: Progress,
): Promise<void> {
  const { labels, classes, readWeights, writeWeights } = network;
  const start = readWeights()[names.last] as NamedTensor;
  const [count = 0] = start.shape;
  const similarities = await gatherSimilarities(network, count, progress);
  const problem = { similarities, labels, classes, sparsityWeight };
  const kernels = optimizeLastLayer(problem, start.values as Float32Array);
  let values = start.values;
  for (let i = 0; i < lastLayerIterations; i += 1) {
    values = kernels.next().value;
    await progress();
  }
  writeWeights({ [names.last]: { ...start, values } });
}

/**
 * Projection and the last layer's phase (Chen et al. 2019, section 2.2): each prototype becomes the nearest
 * patch among the training images of its class, where there are any, and then the last layer alone is
 * optimised.
 */
export const projectPrototypes = (settings: Settings): AfterEpoch => ({
  layers: [patches, similarity],
  isDue: (epoch) => epoch % settings.projectEvery === 0,
  async run(network) {
    const { lastLayerIterations } = settings;
    const batches = Math.ceil(network.images.length / batchSize);
    const steps = lastLayerIterations === 0 ? batches : 2 * batches + lastLayerIterations;
    let step = 0;
    const progress = (): Promise<void> => network.progress((step += 1), steps);
    const { [names.vectors]: vectors, [names.source]: source } = network.readWeights();
    const found = await findNearest(network, vectors as NamedTensor, progress);
    const moved = moveTo(found, vectors as NamedTensor, source as NamedTensor, network.epoch);
    network.writeWeights(moved);
    if (lastLayerIterations > 0) await optimize(network, settings, progress);
  },
});
