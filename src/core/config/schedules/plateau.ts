import { component } from '../component.ts';
import { epochCount, field } from '../fields.ts';
import { factor } from './factor.ts';

export const plateau = component({
  name: 'plateau',
  title: 'Plateau',
  description:
    'Multiplies the learning rate by the factor after so many epochs without a better validation loss.',
  formula: 'η(epoch) = learningRate · factor^reductions',
  source: 'as Keras’s ReduceLROnPlateau, where only a lower loss is better',
  fields: {
    factor: factor(),
    patience: field(epochCount(), 5, {
      title: 'Plateau patience',
      unit: 'epochs',
      description: 'Epochs without a better validation loss before a reduction.',
    }),
  },
});
