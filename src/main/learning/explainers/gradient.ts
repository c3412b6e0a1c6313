import type { Method } from './method.ts';

/** The class's logit differentiated by the pixels. */
export const explainByGradient: Method<'gradient'> = (network, { image, targetClass }) =>
  network.gradients(image, targetClass);

/** The pixels times that. */
export const explainByGradientXInput: Method<'gradient-x-input'> = (
  network,
  { image, targetClass },
) => network.gradients(image, targetClass).map((slope, i) => slope * (image[i] ?? 0));
