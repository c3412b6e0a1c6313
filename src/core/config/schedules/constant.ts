import { component } from '../component.ts';

export const constant = component({
  name: 'constant',
  title: 'Constant',
  description: 'The learning rate stays as it is.',
  formula: 'η(epoch) = learningRate',
  source: 'as in plain gradient descent',
  fields: {},
});
