import { averageGradients, baselineValues, type Method } from './method.ts';

/** Integrated gradients, by the middles of equal parts of the way. */
export const explainByIntegratedGradients: Method<'integrated-gradients'> = (
  network,
  { image, targetClass },
  { steps, baseline },
) => {
  const from = baselineValues(baseline, network);
  return averageGradients(network, targetClass, steps, {
    fill: (target, step) => {
      const way = (step + 0.5) / steps;
      image.forEach((value, i) => {
        const base = from[i] ?? 0;
        target[i] = base + way * (value - base);
      });
    },
    weigh: (slope, _, i) => slope * ((image[i] ?? 0) - (from[i] ?? 0)),
  });
};
