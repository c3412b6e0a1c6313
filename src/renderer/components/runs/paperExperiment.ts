import type { NewRun } from '../../../shared/contract.ts';
import { presets } from '../../../core/config/presets.ts';
import { changeSettings } from '../../../core/config/settingValues.ts';

export type ExperimentSize = 'quick' | 'full';

export const experimentSizes: readonly {
  value: ExperimentSize;
  label: string;
  description: string;
}[] = [
  {
    value: 'quick',
    label: 'Quick',
    description: '3 epochs on 6,000 training and 1,000 test images of MNIST',
  },
  {
    value: 'full',
    label: 'Full',
    description: 'Up to 30 epochs on all 60,000 training and 10,000 test images of MNIST',
  },
];

const quick = {
  'data.trainExamples': 6_000,
  'data.testExamples': 1_000,
  'training.epochs': 3,
};
const seed = 1;

/** The paper's pair on MNIST: one run per paradigm, all else the same. */
export function buildExperiment(size: ExperimentSize): NewRun[] {
  const change = size === 'quick' ? quick : {};
  const experiment = size === 'quick' ? 'Paper, quick' : 'Paper';
  return (['mnist-c', 'mnist-r'] as const).map((preset) => ({
    name: `${preset} seed ${seed}${size === 'quick' ? ' quick' : ''}`,
    experiment,
    config: changeSettings(presets[preset], change),
    seed,
  }));
}
