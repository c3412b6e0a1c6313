import { runConfigSchema, type RunConfig } from './runConfig.ts';
import { changeSetting } from './settingValues.ts';

/** The paper's settings on MNIST under paradigm C, which are the defaults. */
const paper = runConfigSchema.parse({});
const fashion: RunConfig = {
  ...paper,
  data: { ...paper.data, dataset: 'fashion-mnist', testFraction: 0.15 },
};

/** Under paradigm R. */
const withContrastive = (config: RunConfig): RunConfig =>
  changeSetting(config, 'objective', 'contrastive');

export const presets = {
  'mnist-c': paper,
  'mnist-r': withContrastive(paper),
  'fashion-c': fashion,
  'fashion-r': withContrastive(fashion),
} satisfies Record<string, RunConfig>;

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];
