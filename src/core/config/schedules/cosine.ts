import { component } from '../component.ts';

export const cosine = component({
  name: 'cosine',
  title: 'Cosine',
  description:
    'Lowers the learning rate along half a cosine that would reach zero one epoch after the last: the last of n epochs still has sin²(π / 2n) of the rate, 15% for 4 epochs and 0.6% for 20.',
  formula: 'η(epoch) = ½ learningRate (1 + cos(π (epoch − 1) / training.epochs))',
  source: 'Loshchilov and Hutter (2017), without restarts',
  spansRun: true,
  fields: {},
});
