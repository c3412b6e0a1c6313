import { component } from '../component.ts';

export const cosine = component({
  name: 'cosine',
  title: 'Cosine',
  description: 'Lowers the learning rate along half a cosine, to zero after the last epoch.',
  formula: 'η(epoch) = ½ learningRate (1 + cos(π (epoch − 1) / training.epochs))',
  source: 'Loshchilov and Hutter (2017), without restarts',
  fields: {},
});
