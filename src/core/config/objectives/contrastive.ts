import { z } from 'zod';
import { component } from '../component.ts';
import { field } from '../fields.ts';
import { distanceReduction } from './distanceReduction.ts';
import { weight } from './weight.ts';

/** The map and its image as a pair that is pulled together, or pushed apart. */
export const contrastive = component({
  name: 'contrastive',
  title: 'Contrastive Grad-CAM loss',
  description: 'Pulls each image’s Grad-CAM for its label towards the image.',
  formula: 'LL = mean over the batch of ½ (y d² + (1 − y) max(0, margin − d)²)',
  source:
    'Ignesti, Martinelli and Moroni, You’ve Got the Wrong Number; the loss of a pair: Hadsell, Chopra and LeCun (2006)',
  fields: {
    weight: weight('contrastive'),
    distanceReduction: distanceReduction('image', 'x'),
    pairing: field(z.enum(['matched', 'correctness', 'inBatch']), 'matched', {
      title: 'Pairing',
      description:
        'What counts as a similar pair. matched: map and its own image, y = 1. correctness: the same pair, y = prediction right. inBatch: map and the next image of the batch, y = same label.',
      formula: 'l = ½ (y d² + (1 − y) max(0, margin − d)²)',
    }),
    margin: field(z.number().min(0).max(1e4), 1, {
      title: 'Margin',
      description: 'Distance beyond which a dissimilar pair costs nothing.',
      formula: 'max(0, margin − d)²',
      unusedWhen: {
        setting: 'objective.contrastive.pairing',
        is: 'matched',
        because: 'Matched pairs have no margin.',
      },
    }),
  },
});
