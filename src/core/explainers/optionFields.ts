import { z } from 'zod';
import { field } from '../config/fields.ts';

/** What takes the place of pixels that are not to count. */
export const baselines = ['black', 'white', 'mean'] as const;
export type Baseline = (typeof baselines)[number];

export const baseline = () =>
  field(z.enum(baselines), 'black', {
    title: 'Baseline',
    description:
      'What stands where a pixel is not to count: black (0), white (1) or the mean of the data set.',
  });

export const samples = (fallback: number, of: string) =>
  field(z.number().int().min(2).max(100_000), fallback, {
    title: 'Samples',
    description: `How many ${of} are drawn.`,
  });

/** What is asked of the network where it is not differentiated. */
export const scores = ['probability', 'logit'] as const;
export type Score = (typeof scores)[number];

export const score = (fallback: Score) =>
  field(z.enum(scores), fallback, {
    title: 'Score',
    description: 'What of the class is explained: its probability or its logit.',
  });
