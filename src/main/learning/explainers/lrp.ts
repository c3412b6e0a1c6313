import { AfterimageError } from '../../../core/errors.ts';
import type { LrpRule } from '../../../core/explainers/lrpRules.ts';
import type { Explainable } from './explainable.ts';
import { sumChannels, type Method, type Question } from './method.ts';

/** LRP. */
export const explainByLrp: Method<'lrp'> = (network, { image, targetClass }, { rule }) =>
  sumChannels(network.relevance(image, targetClass, { rule, channel: null }).image, network);

/** The relevance of each channel of the target layer, [K]. */
export function rankChannels(
  network: Explainable,
  { image, targetClass }: Question,
  rule: LrpRule,
): Float64Array {
  const { channels } = network.layer;
  const sums = new Float64Array(channels);
  network.relevance(image, targetClass, { rule, channel: null }).layer.forEach((part, i) => {
    sums[i % channels] = (sums[i % channels] ?? 0) + part;
  });
  return sums;
}

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
  const chosen = channel ?? indexOfLargest(rankChannels(network, question, rule));
  const by = { rule, channel: chosen };
  return sumChannels(network.relevance(question.image, question.targetClass, by).image, network);
};

const indexOfLargest = (values: Float64Array): number => values.indexOf(Math.max(...values));
