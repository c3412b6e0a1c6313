import { averageGradients, baselineValue, type Method } from './method.ts';

/** Integrated gradients, by the middles of equal parts of the way. */
export const explainByIntegratedGradients: Method<'integrated-gradients'> = (
  network,
  { image, targetClass },
  { steps, baseline },
) => {
  const from = baselineValue(baseline, network);
  const slopes = averageGradients(network, targetClass, steps, {
    fill: (target, step) => {
      const way = (step + 0.5) / steps;
      image.forEach((value, i) => {
        target[i] = from + way * (value - from);
      });
    },
  });
  return slopes.map((slope, i) => slope * ((image[i] ?? 0) - from));
};
