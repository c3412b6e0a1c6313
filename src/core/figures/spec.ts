import { z } from 'zod';
import { AfterimageError } from '../errors.ts';
import { runConfigSchema, type RunConfigKey } from '../config/runConfig.ts';
import { countScaleSchema } from './countAxis.ts';
import { epochMetricNameSchema, exampleMetricNameSchema } from './metrics.ts';
import { figureStyleSchema } from './style.ts';

/** A run by its id, the beginning of it, or its name. */
const run = z.string().min(1).max(200);
const runs = (least: number, most: number) => z.array(run).min(least).max(most);
/** `best`: the lowest validation loss, or the last where there is none. */
const epoch = z.union([z.number().int().min(0), z.enum(['best', 'last'])]);
const target = z.enum(['predicted', 'label']).default('predicted');
const example = z.number().int().min(0);
const common = {
  title: z.string().min(1).max(300).optional(),
  style: figureStyleSchema.prefault({}),
};
/** Said at the beginning of the caption. */
const note = z.string().max(1000).default('');
const bestEpoch = epoch.default('best');
const threshold = z.number().gt(0).lt(1).default(0.6);
const grid = {
  ...common,
  run,
  epoch: bestEpoch,
  count: z.number().int().min(1).max(400).default(8),
  perRow: z.number().int().min(1).max(20).default(4),
  threshold,
};
const configKeys = Object.keys(runConfigSchema.shape) as [RunConfigKey, ...RunConfigKey[]];

const schemas = {
  'cam-pair': z.strictObject({
    template: z.literal('cam-pair'),
    ...common,
    run,
    example,
    epoch: bestEpoch,
    target,
    note,
  }),
  'cam-evolution': z.strictObject({
    template: z.literal('cam-evolution'),
    ...common,
    rows: z.array(z.strictObject({ run, example })).min(1).max(60),
    epochs: z
      .union([z.literal('all'), z.array(z.number().int().min(0)).min(1).max(60)])
      .default('all'),
    target,
  }),
  'paradigm-grid': z.strictObject({
    template: z.literal('paradigm-grid'),
    ...common,
    runs: runs(2, 2),
    examples: z.array(example).min(1).max(60),
    epoch: bestEpoch,
    target,
    note,
  }),
  'low-confidence-grid': z.strictObject({ template: z.literal('low-confidence-grid'), ...grid }),
  'misclassified-grid': z.strictObject({ template: z.literal('misclassified-grid'), ...grid }),
  'training-curves': z.strictObject({
    template: z.literal('training-curves'),
    ...common,
    runs: runs(1, 200),
    metrics: z
      .array(epochMetricNameSchema)
      .min(1)
      .max(12)
      .default(['validationCrossEntropy', 'testAccuracy', 'inputCorrelation']),
    /** Runs that differ by their seed alone become one line with a band. */
    groupSeeds: z.boolean().default(true),
    /** First epoch drawn; from 1 on, the untrained network stands apart at the left. */
    fromEpoch: z.number().int().min(0).default(1),
  }),
  'confusion-matrix': z.strictObject({
    template: z.literal('confusion-matrix'),
    ...common,
    run,
    epoch: bestEpoch,
    values: z.enum(['counts', 'rates']).default('counts'),
  }),
  'reliability-diagram': z.strictObject({
    template: z.literal('reliability-diagram'),
    ...common,
    runs: runs(1, 12),
    epoch: bestEpoch,
    bins: z.number().int().min(2).max(100).default(15),
  }),
  'confidence-histogram': z.strictObject({
    template: z.literal('confidence-histogram'),
    ...common,
    runs: runs(1, 8),
    epoch: bestEpoch,
    bins: z.number().int().min(2).max(200).default(50),
    threshold,
    countScale: countScaleSchema.default('log'),
  }),
  'accuracy-fidelity': z.strictObject({
    template: z.literal('accuracy-fidelity'),
    ...common,
    runs: runs(1, 500),
    sweep: z.enum(configKeys).default('camWeight'),
    fidelity: epochMetricNameSchema.default('inputCorrelation'),
    accuracy: epochMetricNameSchema.default('testAccuracy'),
  }),
  'metric-distribution': z.strictObject({
    template: z.literal('metric-distribution'),
    ...common,
    runs: runs(2, 2),
    epoch: bestEpoch,
    metric: exampleMetricNameSchema.default('inputCorrelation'),
    /** `auto`: logarithmic where most bins would be too low to be seen. */
    countScale: z.enum(['auto', ...countScaleSchema.options]).default('auto'),
  }),
} as const;

export type Template = keyof typeof schemas;
export const templates = Object.keys(schemas) as [Template, ...Template[]];
export type SpecOf<T extends Template> = z.infer<(typeof schemas)[T]>;
/** Everything that determines a figure besides the history. */
export type FigureSpec = { [T in Template]: SpecOf<T> }[Template];
export type EpochChoice = z.infer<typeof epoch>;

const invalid = (message: string, remedy: string): AfterimageError =>
  new AfterimageError('INVALID_ARGUMENT', message, remedy);

/** A specification as people write it, checked and filled in; INVALID_ARGUMENT names what is wrong. */
export function parseFigureSpec(value: unknown): FigureSpec {
  const name: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'template') : undefined;
  const template = templates.find((known) => known === name);
  if (template === undefined) {
    const given =
      name === undefined ? 'names no template' : `has the unknown template ${JSON.stringify(name)}`;
    throw invalid(`The figure specification ${given}.`, `Choose one of ${templates.join(', ')}.`);
  }
  const parsed = schemas[template].safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') ?? '';
  const where = place === '' ? 'is not usable' : `has an unusable "${place}"`;
  throw invalid(
    `The specification of a ${template} ${where}: ${issue?.message ?? ''}.`,
    'Correct the specification.',
  );
}

/** The JSON schema of all specifications, for editors that check as one types. */
export const figureSpecJsonSchema = (): unknown =>
  z.toJSONSchema(z.union(Object.values(schemas)), { io: 'input' });

/** What each template shows, in words. */
export const templateTitles: Record<Template, string> = {
  'cam-pair': 'Image and class activation map',
  'cam-evolution': 'Class activation maps by epoch',
  'paradigm-grid': 'Class activation maps of two runs',
  'low-confidence-grid': 'Least confident right predictions',
  'misclassified-grid': 'Most confident wrong predictions',
  'training-curves': 'Training curves',
  'confusion-matrix': 'Confusion matrix',
  'reliability-diagram': 'Reliability diagram',
  'confidence-histogram': 'Confidence histogram',
  'accuracy-fidelity': 'Accuracy against fidelity of the maps',
  'metric-distribution': 'Distribution of a metric over the test images',
};

/** Which width suits a template where the specification gives none: one column or two. */
export const defaultColumns: Record<Template, 1 | 2> = {
  'cam-pair': 1,
  'cam-evolution': 2,
  'paradigm-grid': 1,
  'low-confidence-grid': 2,
  'misclassified-grid': 2,
  'training-curves': 2,
  'confusion-matrix': 1,
  'reliability-diagram': 2,
  'confidence-histogram': 1,
  'accuracy-fidelity': 1,
  'metric-distribution': 2,
};
