/** The native map ReLU(Σₖ wₖ Aₖ), [h, w], of activations [h, w, K]. */
export function combineChannels(
  activations: Float32Array,
  weights: ArrayLike<number>,
): Float32Array {
  const channels = weights.length;
  return Float32Array.from({ length: activations.length / channels }, (_, position) => {
    let sum = 0;
    for (let k = 0; k < channels; k += 1) {
      sum += (weights[k] ?? 0) * (activations[position * channels + k] ?? 0);
    }
    return Math.max(0, sum);
  });
}

/** One channel [h, w] of activations [h, w, K]. */
export const takeChannel = (
  activations: Float32Array,
  channel: number,
  channels: number,
): Float32Array =>
  Float32Array.from(
    { length: activations.length / channels },
    (_, position) => activations[position * channels + channel] ?? 0,
  );
