import { planPaperExperiment } from '../../../core/studies/paperExperiment.ts';
import type { Study } from '../../../core/studies/study.ts';

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

/** The paper's pair on MNIST, of one seed. */
export const planExperiment = (size: ExperimentSize): Study =>
  size === 'quick'
    ? planPaperExperiment('quick', quick, [1])
    : planPaperExperiment('paper', {}, [1]);
