import { averageGradients, type Method } from './method.ts';

/** SmoothGrad: the mean gradient at the image with noise. */
export const explainBySmoothgrad: Method<'smoothgrad'> = (
  network,
  { image, targetClass, random },
  { samples, noise },
) => {
  const range = image.reduce((a, b) => Math.max(a, b)) - image.reduce((a, b) => Math.min(a, b));
  return averageGradients(network, targetClass, samples, {
    fill: (target) => {
      image.forEach((value, i) => {
        target[i] = value + random.normal(noise * range);
      });
    },
  });
};
