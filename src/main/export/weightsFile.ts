import { describeModel } from '../../core/models/network.ts';
import {
  decodeSafetensors,
  encodeSafetensors,
  tensorBytes,
} from '../../core/formats/safetensors.ts';
import type { DatasetRecord, Run } from '../../core/records.ts';
import { computeSha256 } from '../platform/hashes.ts';

/** How the tensors lie, and what the network's input is, for who loads them elsewhere. */
const layout =
  'convolution kernels [height, width, in, out], 3 x 3 with same padding; dense kernels [in, out]; images [batch, height, width, channel]; flatten in the order height, width, channel';
const inputFormula = '(pixel / 255 - mean) / standardDeviation';

/** What says how to use a run's weights: by keys of safetensors' metadata, lists as JSON. */
function describeUse(
  { config }: Pick<Run, 'config'>,
  dataset: DatasetRecord,
): Record<string, string> {
  const { imageSize, channels, classNames, mean, standardDeviation } = dataset;
  const { layers } = describeModel(config.model, dataset, classNames.length);
  return {
    layout,
    layers: JSON.stringify(layers.map(({ spec }) => spec)),
    inputShape: JSON.stringify([imageSize, imageSize, channels]),
    input: inputFormula,
    mean: JSON.stringify(mean),
    standardDeviation: JSON.stringify(standardDeviation),
    classNames: JSON.stringify(classNames),
    dataset: config.data.dataset,
    datasetId: dataset.id,
  };
}

/**
 * Stored weights as a file that stands alone: the same tensors and metadata, and what it takes to use
 * them besides. Weights of any age are stored without it, since it follows from the run.
 *
 * @param weights a whole safetensors file
 */
export function encodeWeightsFile(
  weights: Uint8Array,
  run: Pick<Run, 'config' | 'name'>,
  dataset: DatasetRecord,
): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(weights, `the weights of ${run.name}`);
  return encodeSafetensors({ tensors, metadata: { ...metadata, ...describeUse(run, dataset) } });
}

/**
 * SHA-256, in hex, of the numbers of weights, tensor by tensor as they are stored: equal for the same weights,
 * whichever run has them.
 *
 * @param weights a whole safetensors file
 */
export const checksumWeights = (weights: Uint8Array): string => computeSha256(tensorBytes(weights));
