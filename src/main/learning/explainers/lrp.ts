import { AfterimageError } from '../../../core/errors.ts';
import { sumChannels, type Method } from './method.ts';

/** LRP. */
export const explainByLrp: Method<'lrp'> = (network, { image, targetClass }, { rule }) =>
  sumChannels(network.relevance(image, targetClass, { rule, channel: null }).image, network);

/** CRP: through the channel asked for, or the one of most relevance. */
export const explainByCrp: Method<'crp'> = (network, question, { rule, channel }) => {
  const { channels } = network.layer;
  if (channel !== null && channel >= channels) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `The target layer has no channel ${channel}.`,
      `It has ${channels}, from 0 to ${channels - 1}.`,
    );
  }
  const { image, targetClass } = question;
  const chosen = channel ?? indexOfLargest(network.channelRelevance(image, [targetClass], rule));
  const by = { rule, channel: chosen };
  return sumChannels(network.relevance(image, targetClass, by).image, network);
};

const indexOfLargest = (values: Float32Array): number => values.indexOf(Math.max(...values));
