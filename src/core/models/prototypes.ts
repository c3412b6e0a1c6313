import { describeModel, type ModelChoice } from './network.ts';

/** How many prototypes a model has for each class; 0 for one without. */
export function countPrototypes(model: ModelChoice): number {
  const classes = 2;
  const { layers } = describeModel(model, { imageSize: 28 }, classes);
  const counts = layers.map(({ spec }) => (spec.kind === 'prototypes' ? spec.count : 0));
  return Math.max(...counts) / classes;
}
