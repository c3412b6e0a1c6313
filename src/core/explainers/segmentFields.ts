import { z } from 'zod';
import { field } from '../config/fields.ts';
import { baseline, samples, score, type Score } from './optionFields.ts';

/** Parts that can be told apart by this many draws and no more. */
export const mostSegments = 1024;

/** The fields of methods that switch parts of the image off together. */
export const segmentFields = (draws: number, usual: Score) => ({
  segments: field(z.enum(['slic', 'grid']), 'slic', {
    title: 'Segments',
    description:
      'What is switched off together: superpixels, which follow the image’s edges, or a grid’s cells.',
  }),
  count: field(z.number().int().min(2).max(mostSegments), 25, {
    title: 'Number of segments',
    description: 'About how many; no more than the image has pixels.',
  }),
  samples: samples(draws, 'combinations of segments'),
  score: score(usual),
  baseline: baseline(),
});
