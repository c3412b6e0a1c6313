import { z } from 'zod';
import { listTargetLayers, modelNames } from '../models/network.ts';

/**
 * What a form or a manual needs to know of one field besides its type and range.
 * `unit` is empty for pure numbers; `formula` is plain text.
 */
export interface FieldMeta {
  title: string;
  section: 'Data' | 'Model' | 'Objective' | 'Training';
  unit?: string;
  description: string;
  formula?: string;
}

const field = <T extends z.ZodType>(schema: T, meta: FieldMeta): T => schema.meta({ ...meta });

const count = () => z.number().int().min(1).max(10_000_000);

/** Of all models. */
const targetLayers = [...new Set(modelNames.flatMap(listTargetLayers))] as [string, ...string[]];

/**
 * Every choice that determines a run's numbers, apart from its seed and engine. One flat object:
 * a key here is a key of `--set key=value`, a field of the form and a column of a comparison.
 */
export const runConfigSchema = z.strictObject({
  dataset: field(z.string().min(1).max(200), {
    title: 'Data set',
    section: 'Data',
    description: 'Name of a data set in the library.',
  }),
  trainExamples: field(count().nullable(), {
    title: 'Training examples',
    section: 'Data',
    unit: 'images',
    description:
      'Stratified subset of the training split, before the validation share is set aside; empty takes all.',
  }),
  testExamples: field(count().nullable(), {
    title: 'Test examples',
    section: 'Data',
    unit: 'images',
    description: 'Stratified subset of the test split, after testFraction; empty takes all.',
  }),
  testFraction: field(z.number().gt(0).max(1), {
    title: 'Test fraction',
    section: 'Data',
    description: 'Stratified share of the test split that is evaluated and recorded.',
  }),
  validationFraction: field(z.number().gt(0).max(0.9), {
    title: 'Validation fraction',
    section: 'Data',
    description:
      'Stratified share of the training examples that steers early stopping and the plateau schedule.',
  }),
  splitSeed: field(z.number().int().min(0).max(2_147_483_647), {
    title: 'Split seed',
    section: 'Data',
    description:
      'Seed of the subsets and of the validation split. Apart from the run’s seed, so that runs with different seeds see the same images.',
  }),
  model: field(z.enum(modelNames), {
    title: 'Model',
    section: 'Model',
    description:
      'Three blocks of convolution, batch norm, ReLU and max-pooling, then two dense layers.',
  }),
  dropout: field(z.number().min(0).lt(1), {
    title: 'Dropout',
    section: 'Model',
    description: 'Probability that a unit of the flattened features is dropped in training.',
  }),
  paradigm: field(z.enum(['C', 'R']), {
    title: 'Paradigm',
    section: 'Objective',
    description: 'C: cross-entropy. R: cross-entropy plus a contrastive term on the Grad-CAM.',
    formula: 'C: L = LCE    R: L = LCE + camWeight · LL',
  }),
  camWeight: field(z.number().min(0).max(1e6), {
    title: 'CAM weight',
    section: 'Objective',
    description: 'Weight of the contrastive term in paradigm R.',
    formula: 'L = LCE + camWeight · LL',
  }),
  distanceReduction: field(z.enum(['sum', 'mean']), {
    title: 'Distance reduction',
    section: 'Objective',
    description:
      'Whether squared differences of map and image are summed (Euclidean distance) or averaged over pixels.',
    formula: 'd = sqrt(Σₚ (camₚ − xₚ)² + e⁻²²)',
  }),
  pairing: field(z.enum(['matched', 'correctness', 'inBatch']), {
    title: 'Pairing',
    section: 'Objective',
    description:
      'What counts as a similar pair. matched: map and its own image, y = 1. correctness: the same pair, y = prediction right. inBatch: map and the next image of the batch, y = same label.',
    formula: 'l = ½ (y d² + (1 − y) max(0, margin − d)²)',
  }),
  margin: field(z.number().min(0).max(1e4), {
    title: 'Margin',
    section: 'Objective',
    description: 'Distance beyond which a dissimilar pair costs nothing.',
    formula: 'max(0, margin − d)²',
  }),
  camGradient: field(z.enum(['stopAlpha', 'full']), {
    title: 'CAM gradient',
    section: 'Objective',
    description:
      'stopAlpha treats the channel weights of the map as constants; full differentiates through them too.',
    formula: 'αₖ = meanᵢⱼ ∂yᶜ/∂Aᵢⱼₖ',
  }),
  targetLayer: field(z.enum(targetLayers), {
    title: 'Target layer',
    section: 'Objective',
    description:
      'Layer whose activations the Grad-CAM explains; its size is the map’s native size.',
  }),
  optimizer: field(z.enum(['adam', 'rmsprop', 'sgd']), {
    title: 'Optimizer',
    section: 'Training',
    description: 'Adam (β₁ 0.9, β₂ 0.999), RMSprop (ρ 0.99) or SGD with momentum.',
  }),
  learningRate: field(z.number().gt(0).max(10), {
    title: 'Learning rate',
    section: 'Training',
    description: 'Step size before the schedule.',
  }),
  momentum: field(z.number().min(0).lt(1), {
    title: 'Momentum',
    section: 'Training',
    description: 'Momentum of SGD; the other optimizers ignore it.',
  }),
  schedule: field(z.enum(['constant', 'step', 'cosine', 'plateau']), {
    title: 'Schedule',
    section: 'Training',
    description:
      'constant; step: × scheduleFactor every scheduleEpochs; cosine: to zero at the last epoch; plateau: × scheduleFactor after scheduleEpochs without a better validation loss.',
  }),
  scheduleEpochs: field(z.number().int().min(1).max(1000), {
    title: 'Schedule epochs',
    section: 'Training',
    unit: 'epochs',
    description: 'Period of the step schedule, patience of the plateau schedule.',
  }),
  scheduleFactor: field(z.number().gt(0).lt(1), {
    title: 'Schedule factor',
    section: 'Training',
    description: 'Factor of the step and plateau schedules.',
  }),
  batchSize: field(z.number().int().min(1).max(4096), {
    title: 'Batch size',
    section: 'Training',
    unit: 'images',
    description: 'Images per step; the last step of an epoch takes what is left.',
  }),
  epochs: field(z.number().int().min(1).max(1000), {
    title: 'Epochs',
    section: 'Training',
    unit: 'epochs',
    description: 'Most epochs to train; early stopping may end the run before.',
  }),
  patience: field(z.number().int().min(1).max(1000).nullable(), {
    title: 'Patience',
    section: 'Training',
    unit: 'epochs',
    description:
      'Stop after this many epochs without a better validation loss; empty turns early stopping off.',
  }),
  lowConfidenceThreshold: field(z.number().gt(0).lt(1), {
    title: 'Low-confidence threshold',
    section: 'Training',
    description: 'Confidence below which a prediction counts as unsure in the epoch’s metrics.',
  }),
});

export type RunConfig = z.infer<typeof runConfigSchema>;
export type RunConfigKey = keyof RunConfig;
export type Paradigm = RunConfig['paradigm'];
export type TargetLayer = RunConfig['targetLayer'];

export const seedSchema = z.number().int().min(0).max(2_147_483_647);
