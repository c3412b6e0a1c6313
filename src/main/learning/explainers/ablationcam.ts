import { combineChannels } from './channelWeights.ts';
import { enlargeMap, type Method } from './method.ts';

/** [K, h, w, K]: the activations, in each copy with one channel at zero. */
function ablateChannels(activations: Float32Array, channels: number): Float32Array {
  const copies = new Float32Array(channels * activations.length);
  for (let channel = 0; channel < channels; channel += 1) {
    const copy = copies.subarray(channel * activations.length, (channel + 1) * activations.length);
    copy.set(activations);
    for (let i = channel; i < copy.length; i += channels) copy[i] = 0;
  }
  return copies;
}

/** Ablation-CAM: a channel's weight is the share of the logit that is lost with it. */
export const explainByAblationcam: Method<'ablationcam'> = (network, { image, targetClass }) => {
  const { classes, layer } = network;
  const activations = network.activations(image);
  const whole = network.headLogits(image, activations)[targetClass] ?? 0;
  const ablated = network.headLogits(image, ablateChannels(activations, layer.channels));
  const weights = Array.from(
    { length: layer.channels },
    (_, k) => (whole - (ablated[k * classes + targetClass] ?? 0)) / whole,
  );
  return enlargeMap(combineChannels(activations, weights), network);
};
