import type { Template } from '../../core/figures/spec.ts';

interface TemplateText {
  title: string;
  /** What it shows, in a sentence. */
  text: string;
  /** Whether it draws maps, and so takes a colour map. */
  maps: boolean;
  mostRuns: number;
}

const several = 200;

/** Every template as people choose it. */
export const templateTexts: Record<Template, TemplateText> = {
  'cam-pair': {
    title: 'Image and map',
    text: 'One test image beside its map.',
    maps: true,
    mostRuns: 1,
  },
  'cam-evolution': {
    title: 'Evolution',
    text: 'Maps over the epochs, a row for each run and image.',
    maps: true,
    mostRuns: 60,
  },
  'paradigm-grid': {
    title: 'C, R and difference',
    text: 'Images with the maps of two runs and what differs.',
    maps: true,
    mostRuns: 2,
  },
  'low-confidence-grid': {
    title: 'Low confidence',
    text: 'The images that are right but least sure.',
    maps: true,
    mostRuns: 1,
  },
  'misclassified-grid': {
    title: 'Misclassified',
    text: 'The images that are most surely wrong.',
    maps: true,
    mostRuns: 1,
  },
  'training-curves': {
    title: 'Training curves',
    text: 'Metrics over the epochs, seeds as bands.',
    maps: false,
    mostRuns: several,
  },
  'confusion-matrix': {
    title: 'Confusion matrix',
    text: 'Which class is taken for which.',
    maps: false,
    mostRuns: 1,
  },
  'reliability-diagram': {
    title: 'Reliability',
    text: 'Confidence against accuracy, with the calibration error.',
    maps: false,
    mostRuns: 12,
  },
  'confidence-histogram': {
    title: 'Confidence histogram',
    text: 'How sure the runs are, with the unsure counted.',
    maps: false,
    mostRuns: 8,
  },
  'accuracy-fidelity': {
    title: 'Accuracy and fidelity',
    text: 'What a better map costs, over a swept setting.',
    maps: false,
    mostRuns: 500,
  },
  'metric-distribution': {
    title: 'Metric, paired',
    text: 'One measure of every image, run against run.',
    maps: false,
    mostRuns: 2,
  },
};
