import { z } from 'zod';
import { component } from '../component.ts';
import { field } from '../fields.ts';
import { distanceReduction } from './distanceReduction.ts';
import { weight } from './weight.ts';

/** The map closer to its own image than to one of another class. */
export const triplet = component({
  name: 'triplet',
  title: 'Triplet Grad-CAM loss',
  description:
    'Pulls each image’s Grad-CAM for its label closer to the image than to an image of another class in the batch. An image whose batch has no other class adds 0.',
  formula: 'LT = mean over the batch of max(0, d(cam, own) − d(cam, other) + margin)',
  source:
    'Schroff, Kalenichenko and Philbin, FaceNet (2015), on maps as the paper’s outlook proposes',
  fields: {
    weight: weight('triplet'),
    distanceReduction: distanceReduction('image', 'x'),
    negative: field(z.enum(['hardest', 'next']), 'hardest', {
      title: 'Negative',
      description:
        'The image of another class. hardest: the one closest to the map; next: the first one after it in the batch.',
    }),
    margin: field(z.number().min(0).max(1e4), 1, {
      title: 'Margin',
      description: 'By how much the map has to be closer to its own image to cost nothing.',
      formula: 'd(cam, own) + margin ≤ d(cam, other)',
    }),
  },
});
