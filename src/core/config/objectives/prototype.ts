import { component } from '../component.ts';
import { distanceReduction } from './distanceReduction.ts';
import { weight } from './weight.ts';

/** The map and the mean training image of its class. */
export const prototype = component({
  name: 'prototype',
  title: 'Class prototype',
  description: 'Pulls each map towards the mean training image of its class.',
  formula: 'LP = mean over the batch of ½ d(cam, mean x of the class)²',
  source:
    'Ignesti, Moroni and Martinelli, Batch-CAM (2025), arXiv 2510.00664; here with the Euclidean distance',
  fields: {
    weight: weight('prototype'),
    distanceReduction: distanceReduction('prototype', 'mean x'),
  },
});
