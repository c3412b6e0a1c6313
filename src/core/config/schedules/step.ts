import { component } from '../component.ts';
import { epochCount, field } from '../fields.ts';
import { factor } from './factor.ts';

export const step = component({
  name: 'step',
  title: 'Step',
  description: 'Multiplies the learning rate by the factor every so many epochs.',
  formula: 'η(epoch) = learningRate · factor^⌊(epoch − 1) / epochs⌋',
  source: 'as PyTorch’s StepLR',
  fields: {
    factor: factor(),
    epochs: field(epochCount(), 5, {
      title: 'Period',
      unit: 'epochs',
      description: 'Epochs between two reductions.',
    }),
  },
});
