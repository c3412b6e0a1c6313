import { z } from 'zod';
import { nearest } from '../editDistance.ts';
import {
  defaultTargetLayer,
  listAllTargetLayers,
  listTargetLayers,
  modelNames,
} from '../models/network.ts';
import { models } from '../models/registry.ts';
import { choiceOf, setOf, type Component } from './component.ts';
import { epochCount, field, imageCount, type Fields } from './fields.ts';
import { objectiveTerms } from './objectives/registry.ts';
import { optimizers } from './optimizers/registry.ts';
import { schedules } from './schedules/registry.ts';

/** Of the layout below; `upgradeRunConfig` reads the earlier ones. */
export const configVersion = 2;

export const datasetNameSchema = z.string().min(1).max(200);

const data = {
  dataset: field(datasetNameSchema, 'mnist', {
    title: 'Data set',
    description: 'Name of a data set in the library.',
  }),
  trainExamples: field(imageCount().nullable(), null, {
    title: 'Training examples',
    unit: 'images',
    description:
      'Stratified subset of the training split, before the validation share is set aside; all where no number is given.',
    nullMeans: 'all',
  }),
  testExamples: field(imageCount().nullable(), null, {
    title: 'Test examples',
    unit: 'images',
    description:
      'Stratified subset of the test split, after the test fraction; all where no number is given.',
    nullMeans: 'all',
  }),
  testFraction: field(z.number().gt(0).max(1), 1, {
    title: 'Test fraction',
    description: 'Stratified share of the test split that is evaluated and recorded.',
  }),
  validationFraction: field(z.number().gt(0).max(0.9), 0.1, {
    title: 'Validation fraction',
    description:
      'Stratified share of the training examples that steers early stopping and the plateau schedule.',
  }),
  splitSeed: field(z.number().int().min(0).max(2_147_483_647), 0, {
    title: 'Split seed',
    description:
      'Seed of the subsets and of the validation split. Apart from the run’s seed, so that runs with different seeds see the same images.',
  }),
  permuteLabels: field(z.enum(['none', 'training']), 'none', {
    title: 'Permute labels',
    description:
      'training: training images exchange their labels at random, by the run’s seed; validation and test keep theirs. What then is explained was learned from nothing: a sanity check of explanations (Adebayo et al. 2018).',
  }),
};

/** Of all models; which of them a model has is checked of the whole. */
const targetLayers = listAllTargetLayers() as [string, ...string[]];

const cam = {
  targetLayer: field(z.enum(targetLayers), defaultTargetLayer({ name: modelNames[0] }), {
    title: 'Target layer',
    description:
      'Layer whose activations the Grad-CAM explains; its size is the map’s native size.',
  }),
  gradient: field(z.enum(['stopAlpha', 'full']), 'stopAlpha', {
    title: 'CAM gradient',
    description:
      'How terms of the objective differentiate the map. stopAlpha treats its channel weights as constants; full differentiates through them too.',
    formula: 'αₖ = meanᵢⱼ ∂yᶜ/∂Aᵢⱼₖ',
    unusedWhen: { setting: 'objective', is: 'none', because: 'No term differentiates the map.' },
  }),
  target: field(z.enum(['image', 'luminance', 'inverted', 'mask']), 'image', {
    title: 'Target',
    description:
      'What terms pull the map towards. image: the image, of a colour one its luminance; luminance: the same, by its name; inverted: 1 − image, for dark shapes on bright ground; mask: 1 inside the mask, 0 outside.',
    unusedWhen: { setting: 'objective', is: 'none', because: 'No term pulls the map.' },
  }),
  mask: field(z.enum(['threshold', 'otsu', 'dataset']), 'threshold', {
    title: 'Mask',
    description:
      'What of an image is inside, for terms and for energy inside, IoU and the pointing game. threshold: pixels above the mask threshold; otsu: pixels above the threshold that Otsu’s method finds for each image; dataset: the mask that the data set has for each image, which it must bring. Where an image’s mask is empty, no map has a value for these metrics, and their means leave it out.',
  }),
  maskThreshold: field(z.number().min(0).lt(1), 0.5, {
    title: 'Mask threshold',
    description: 'Grey level above which a pixel is inside.',
    unusedWhen: {
      setting: 'cam.mask',
      is: ['otsu', 'dataset'],
      because: 'With otsu or dataset it is not asked for.',
    },
  }),
};

const training = {
  batchSize: field(z.number().int().min(1).max(4096), 64, {
    title: 'Batch size',
    unit: 'images',
    description: 'Images per step; the last step of an epoch takes what is left.',
  }),
  epochs: field(epochCount(), 30, {
    title: 'Epochs',
    unit: 'epochs',
    description: 'Most epochs to train; early stopping may end the run before.',
  }),
  patience: field(epochCount().nullable(), 3, {
    title: 'Patience',
    unit: 'epochs',
    description:
      'Stop after this many epochs without a better validation loss; no number turns early stopping off.',
    nullMeans: 'off',
  }),
};

const evaluation = {
  lowConfidenceThreshold: field(z.number().gt(0).lt(1), 0.6, {
    title: 'Low-confidence threshold',
    description: 'Confidence below which a prediction counts as unsure in the epoch’s metrics.',
  }),
};

/** A part of the configuration: fields of its own, one of several components, or any of them. */
export interface ConfigPart {
  key: string;
  title: string;
  /** Of the choice of components; empty for a part of fields alone, as the description. */
  choiceTitle: string;
  /** What the choice of components decides. */
  description: string;
  formula?: string;
  fields: Fields;
  components: readonly Component[];
  /** Whether several components may be chosen, or none. */
  isSet: boolean;
}

const group = (key: string, title: string, fields: Fields): ConfigPart => ({
  ...{ key, title, fields },
  ...{ choiceTitle: '', description: '', components: [], isSet: false },
});

const choice = (
  key: string,
  title: string,
  components: readonly Component[],
  description: string,
): ConfigPart => ({
  ...{ key, title, choiceTitle: title, description },
  ...{ components, fields: {}, isSet: false },
});

/** Everything that a configuration consists of, in its order. */
export const configParts: readonly ConfigPart[] = [
  group('data', 'Data', data),
  choice('model', 'Model', models, 'The network that is trained.'),
  group('cam', 'Map', cam),
  {
    key: 'objective',
    title: 'Objective',
    choiceTitle: 'Added terms',
    description:
      'Terms that are added to cross-entropy. none: cross-entropy alone, paradigm C; contrastive: paradigm R.',
    formula: 'L = LCE + Σ weight · term',
    components: objectiveTerms,
    fields: {},
    isSet: true,
  },
  choice('optimizer', 'Optimizer', optimizers, 'What turns gradients into steps.'),
  choice('schedule', 'Schedule', schedules, 'How the learning rate changes over the epochs.'),
  group('training', 'Training', training),
  group('evaluation', 'Evaluation', evaluation),
];

const layout = z.strictObject({
  version: z.literal(configVersion).default(configVersion),
  data: z.strictObject(data).prefault({}),
  model: choiceOf(models).prefault({ name: models[0].name }),
  cam: z.strictObject(cam).prefault({}),
  objective: setOf(objectiveTerms).prefault({}),
  optimizer: choiceOf(optimizers).prefault({ name: optimizers[0].name }),
  schedule: choiceOf(schedules).prefault({ name: schedules[0].name }),
  training: z.strictObject(training).prefault({}),
  evaluation: z.strictObject(evaluation).prefault({}),
});

export type RunConfig = z.output<typeof layout>;

/**
 * Every choice that determines a run's numbers, apart from its seed and engine. What is missing takes
 * its default, for stored configurations from before it; callers are to give all.
 */
export const runConfigSchema: z.ZodType<RunConfig, RunConfig> = layout.superRefine(
  ({ model, cam: { targetLayer } }, context) => {
    // What is out of its range elsewhere has been said; a model out of it has no layers.
    if (context.issues.length > 0) return;
    const layers = listTargetLayers(model);
    if (layers.includes(targetLayer)) return;
    context.addIssue({
      code: 'custom',
      path: ['cam', 'targetLayer'],
      message: `${model.name} has no layer ${targetLayer}; the nearest is ${nearest(targetLayer, layers) ?? ''}`,
    });
  },
) as unknown as z.ZodType<RunConfig, RunConfig>;

export type TargetLayer = RunConfig['cam']['targetLayer'];

export const seedSchema = z.number().int().min(0).max(2_147_483_647);
