import { describeModel } from '../models/network.ts';
import type { ExplainedImage } from './explainedImage.ts';
import type { ExplainedSizes } from './explainer.ts';
import { readOptions, type ChosenExplainer } from './options.ts';
import { explainers } from './registry.ts';

/** What the cost of explaining an image by a network rests on. */
export function measureSizes(
  image: Pick<ExplainedImage, 'model' | 'targetLayer' | 'imageSize' | 'channels' | 'classes'>,
): ExplainedSizes {
  const { layers } = describeModel(image.model, image, image.classes);
  const target = layers.find(({ spec }) => spec.name === image.targetLayer);
  return { imageSize: image.imageSize, channels: target?.output[2] ?? 0 };
}

/** Images that a network sees for a map by each of the methods. */
export const countPasses = (methods: readonly ChosenExplainer[], sizes: ExplainedSizes): number =>
  methods
    .map(({ name, options }) => explainers[name].passes(readOptions(name, options) as never, sizes))
    .reduce((sum, passes) => sum + passes, 0);
