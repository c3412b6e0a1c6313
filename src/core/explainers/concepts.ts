import type { TargetLayer } from '../config/runConfig.ts';
import type { ExplainedImage } from './explainedImage.ts';
import type { LrpRule } from './lrpRules.ts';

/** Images under one epoch's network, for the relevance of each channel of its target layer. */
export interface ConceptsRequest extends Omit<ExplainedImage, 'image'> {
  /** One after the other, 0 to 255. */
  images: Uint8Array;
  /** The class that is explained of each. */
  targets: Uint8Array;
  rule: LrpRule;
  weights: Uint8Array;
}

/** What each channel of a layer had to do with the classes of N images. */
export interface ConceptTable {
  layer: TargetLayer;
  exampleIds: Uint32Array;
  /** The class explained of each. */
  targets: Uint8Array;
  /** [N, K]: of the class's logit, summed over the layer's positions. */
  relevance: Float32Array;
}

export const channelsOf = ({ exampleIds, relevance }: ConceptTable): number =>
  relevance.length / exampleIds.length;

export interface RankedChannel {
  channel: number;
  /** Mean over the images; negative where it spoke against their classes. */
  relevance: number;
  /** Of the sum of all channels' means without their signs, 0 to 1. */
  share: number;
}

/** The layer's channels by their mean relevance, most first. */
export function rankChannels(table: ConceptTable): RankedChannel[] {
  const count = table.exampleIds.length;
  const means = new Float64Array(channelsOf(table));
  table.relevance.forEach((value, i) => {
    const channel = i % means.length;
    means[channel] = (means[channel] ?? 0) + value / count;
  });
  const whole = means.reduce((sum, mean) => sum + Math.abs(mean), 0) || 1;
  return Array.from(means, (relevance, channel) => ({
    ...{ channel, relevance, share: Math.abs(relevance) / whole },
  })).toSorted((a, b) => b.relevance - a.relevance || a.channel - b.channel);
}

/** The images in which a channel has most relevance, as places in the table, most first. */
export function findMaximisers(table: ConceptTable, channel: number, most: number): number[] {
  const channels = channelsOf(table);
  const at = (i: number): number => table.relevance[i * channels + channel] ?? 0;
  return Array.from(table.exampleIds, (_, i) => i)
    .toSorted((a, b) => at(b) - at(a) || a - b)
    .slice(0, most);
}
