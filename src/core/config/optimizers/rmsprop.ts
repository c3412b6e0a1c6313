import { component } from '../component.ts';
import { learningRate } from './learningRate.ts';

export const rmsprop = component({
  name: 'rmsprop',
  title: 'RMSprop',
  description: 'RMSprop with ρ 0.99 and ε 10⁻⁸.',
  formula: 'v ← ρ v + (1 − ρ) g²    w ← w − η g / (√v + ε)',
  source: 'Tieleman and Hinton (2012)',
  fields: { learningRate: learningRate() },
});
