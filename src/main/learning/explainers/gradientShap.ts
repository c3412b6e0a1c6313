import { averageGradients, type Method } from './method.ts';

/** Expected gradients: the mean over baselines and points on the way, both drawn at random. */
export const explainByGradientShap: Method<'gradient-shap'> = (
  network,
  { image, background, targetClass, random },
  { samples },
) => {
  const values = image.length;
  const count = background.length / values;
  const chosen = new Uint32Array(samples);
  random.fillIndices(chosen, count);
  const baseAt = (sample: number, i: number): number =>
    background[(chosen[sample] ?? 0) * values + i] ?? 0;
  return averageGradients(network, targetClass, samples, {
    fill: (target, sample) => {
      const way = random.uniform();
      image.forEach((value, i) => {
        const base = baseAt(sample, i);
        target[i] = base + way * (value - base);
      });
    },
    weigh: (slope, sample, i) => slope * ((image[i] ?? 0) - baseAt(sample, i)),
  });
};
