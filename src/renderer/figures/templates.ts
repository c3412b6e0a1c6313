import type { Template } from '../../shared/figures/spec.ts';

interface TemplateText {
  title: string;
  /** What it shows, in a sentence. */
  text: string;
  /** Whether it draws maps, and so takes a colour map. */
  maps: boolean;
  /** How many runs it takes, at least and at most. */
  runs: readonly [least: number, most: number];
}

const several = 200;

/** Every template as people choose it. */
export const templateTexts: Record<Template, TemplateText> = {
  'cam-pair': {
    title: 'Image and map',
    text: 'One test image beside its map.',
    maps: true,
    runs: [1, 1],
  },
  'cam-evolution': {
    title: 'Evolution',
    text: 'Maps over the epochs, a row for each run and image.',
    maps: true,
    runs: [1, 60],
  },
  'paradigm-grid': {
    title: 'C, R and difference',
    text: 'Images with the maps of two runs and what differs.',
    maps: true,
    runs: [2, 2],
  },
  'low-confidence-grid': {
    title: 'Low confidence',
    text: 'The images that are right but least sure.',
    maps: true,
    runs: [1, 1],
  },
  'misclassified-grid': {
    title: 'Misclassified',
    text: 'The images that are most surely wrong.',
    maps: true,
    runs: [1, 1],
  },
  'training-curves': {
    title: 'Training curves',
    text: 'Metrics over the epochs, seeds as bands.',
    maps: false,
    runs: [1, several],
  },
  'confusion-matrix': {
    title: 'Confusion matrix',
    text: 'Which class is taken for which.',
    maps: false,
    runs: [1, 1],
  },
  'reliability-diagram': {
    title: 'Reliability',
    text: 'Confidence against accuracy, with the calibration error.',
    maps: false,
    runs: [1, 12],
  },
  'confidence-histogram': {
    title: 'Confidence histogram',
    text: 'How sure the runs are, with the unsure counted.',
    maps: false,
    runs: [1, 8],
  },
  'accuracy-fidelity': {
    title: 'Accuracy and fidelity',
    text: 'What a better map costs, over a swept setting.',
    maps: false,
    runs: [1, 500],
  },
  'metric-distribution': {
    title: 'Metric, paired',
    text: 'One measure of every image, run against run.',
    maps: false,
    runs: [2, 2],
  },
};
