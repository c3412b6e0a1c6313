import { component } from '../component.ts';
import { learningRate } from './learningRate.ts';

export const adam = component({
  name: 'adam',
  title: 'Adam',
  description: 'Adam with bias correction; β₁ 0.9, β₂ 0.999, ε 10⁻⁸.',
  formula: 'm ← β₁ m + (1 − β₁) g    v ← β₂ v + (1 − β₂) g²    w ← w − η m̂ / (√v̂ + ε)',
  source: 'Kingma and Ba (2015)',
  fields: { learningRate: learningRate() },
});
