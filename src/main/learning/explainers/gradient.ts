import { sumChannels, type Method } from './method.ts';

/** The class's logit differentiated by the pixels. */
export const explainByGradient: Method<'gradient'> = (network, { image, targetClass }) =>
  sumChannels(network.gradients(image, targetClass), network);

/** The pixels times that. */
export const explainByGradientXInput: Method<'gradient-x-input'> = (
  network,
  { image, targetClass },
) => {
  const slopes = network.gradients(image, targetClass);
  return sumChannels(
    slopes.map((slope, i) => slope * (image[i] ?? 0)),
    network,
  );
};
