import { softmax } from '../../../core/softmax.ts';
import { resizeBilinear } from '../../../core/maps/bilinear.ts';
import { combineChannels, takeChannel } from './channelWeights.ts';
import { enlargeMap, scoreImages, type Method } from './method.ts';

/** Keeps the scale of a channel that is the same everywhere finite. */
const epsilon = 1e-8;

/** From 0 to 1. */
function spread(map: Float32Array): Float32Array {
  const least = map.reduce((a, b) => Math.min(a, b));
  const most = map.reduce((a, b) => Math.max(a, b));
  return map.map((value) => (value - least) / (most - least + epsilon));
}

/** Score-CAM: a channel's weight is its share of what the channels let through. */
export const explainByScorecam: Method<'scorecam'> = (network, { image, targetClass }) => {
  const { layer, imageSize, channels } = network;
  const activations = network.activations(image);
  const letThrough = (target: Float32Array, channel: number): void => {
    const own = takeChannel(activations, channel, layer.channels);
    const mask = spread(resizeBilinear(own, layer.height, imageSize));
    image.forEach((value, i) => {
      target[i] = (mask[Math.floor(i / channels)] ?? 0) * value;
    });
  };
  const asked = { targetClass, score: 'logit' } as const;
  const logits = scoreImages(network, asked, layer.channels, letThrough);
  return enlargeMap(combineChannels(activations, softmax(logits)), network);
};
