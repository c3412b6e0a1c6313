import { z } from 'zod';
import { field } from '../config/fields.ts';
import { explainer } from './explainer.ts';
import { rule } from './lrpRules.ts';

export const crp = explainer({
  family: 'relevance',
  title: 'CRP',
  description:
    'Relevance that passes through one channel of the target layer: where in the image the class’s score comes from by way of that one concept.',
  formula:
    'LRP with the relevance of every other channel of the layer, and of ways around it, set to 0',
  source: 'Achtibat et al., From Attribution Maps to Human-Understandable Explanations (2023)',
  signed: true,
  random: false,
  cost: '1 pass forward and back, and 1 more to find the most relevant channel',
  fields: {
    rule: rule(),
    channel: field(z.number().int().min(0).max(65_535).nullable(), null, {
      title: 'Channel',
      description: 'Of the target layer.',
      nullMeans: 'the most relevant one',
    }),
  },
  passes: ({ channel }) => (channel === null ? 2 : 1),
});
