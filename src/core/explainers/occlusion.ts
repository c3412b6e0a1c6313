import { z } from 'zod';
import { field } from '../config/fields.ts';
import { explainer } from './explainer.ts';
import { baseline, score } from './optionFields.ts';

/** Places of a window along one side: the last may reach over the edge. */
export const countWindows = (imageSize: number, window: number, stride: number): number =>
  Math.ceil(Math.max(0, imageSize - window) / stride) + 1;

export const occlusion = explainer({
  family: 'perturbation',
  title: 'Occlusion',
  description:
    'Covers the image with a window, place by place: each pixel has the mean of what the class’s score loses under the windows that cover it.',
  formula: 'mean over windows W with the pixel of s(x) − s(x with W covered)',
  source: 'Zeiler and Fergus, Visualizing and Understanding Convolutional Networks (2014)',
  signed: true,
  random: false,
  cost: '1 pass forward, and 1 for each place of the window',
  fields: {
    window: field(z.number().int().min(1).max(4096), 5, {
      title: 'Window',
      unit: 'pixels',
      description: 'Side of the square that covers.',
    }),
    stride: field(z.number().int().min(1).max(4096), 2, {
      title: 'Stride',
      unit: 'pixels',
      description: 'From one place to the next.',
    }),
    score: score('probability'),
    baseline: baseline(),
  },
  passes: ({ window, stride }, { imageSize }) => 1 + countWindows(imageSize, window, stride) ** 2,
});
