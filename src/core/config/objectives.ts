import type { RunConfig } from './runConfig.ts';

/** What the value of R's objective depends on besides weights and images. */
const contrastiveKeys = [
  'camWeight',
  'distanceReduction',
  'pairing',
  'margin',
  'targetLayer',
] as const satisfies readonly (keyof RunConfig)[];

const objectiveOf = (config: RunConfig): string =>
  config.paradigm === 'C' ? 'C' : JSON.stringify(contrastiveKeys.map((key) => config[key]));

/** Whether all minimise the same quantity, so that their losses can be compared. */
export const haveOneObjective = (configs: readonly RunConfig[]): boolean =>
  new Set(configs.map(objectiveOf)).size < 2;
