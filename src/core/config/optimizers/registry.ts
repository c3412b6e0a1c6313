import { adam } from './adam.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

/** What turns gradients into steps. */
export const optimizers = [adam, rmsprop, sgd] as const;
