import { component } from '../component.ts';
import { distanceReduction } from './distanceReduction.ts';
import { weight } from './weight.ts';

/** The map and the mean map of its class in the batch. */
export const batchCam = component({
  name: 'batchCam',
  title: 'Batch CAM',
  word: 'batch-CAM',
  description:
    'Pulls each map towards the mean map of its class in the batch. The only image of its class there adds 0.',
  formula: 'LB = mean over the batch of ½ d(cam, mean cam of the class)²',
  source:
    'Ignesti, Moroni and Martinelli, Batch-CAM (2025), arXiv 2510.00664; here with the Euclidean distance',
  fields: {
    weight: weight('batch CAM'),
    distanceReduction: distanceReduction('mean map', 'mean cam'),
  },
});
