import { z } from 'zod';
import { figureStyleSchema } from './style.ts';

/*
 * What the specifications of several templates have in common.
 */

/** A run by its id, the beginning of it, or its name. */
export const run = z.string().min(1).max(200);
export const runs = (least: number, most: number) => z.array(run).min(least).max(most);

/** `best`: the lowest validation loss, or the last where there is none. */
const epoch = z.union([z.number().int().min(0), z.enum(['best', 'last'])]);
export type EpochChoice = z.infer<typeof epoch>;
export const bestEpoch = epoch.default('best');

export const example = z.number().int().min(0);
/** The class whose map is shown. */
export const target = z.enum(['predicted', 'label']).default('predicted');
/** Said at the beginning of the caption. */
export const note = z.string().max(1000).default('');
/** Confidence below which a prediction counts as unsure. */
export const threshold = z.number().gt(0).lt(1).default(0.6);

export const countScaleSchema = z.enum(['linear', 'log']);
export type CountScale = z.infer<typeof countScaleSchema>;

/** Of every template. */
export const common = {
  title: z.string().min(1).max(300).optional(),
  style: figureStyleSchema.prefault({}),
};

/** Of grids of images of one run, each beside its map. */
export const exampleGridFields = {
  ...common,
  run,
  epoch: bestEpoch,
  count: z.number().int().min(1).max(400).default(8),
  perRow: z.number().int().min(1).max(20).default(4),
  threshold,
};
export type ExampleGridFields = z.infer<z.ZodObject<typeof exampleGridFields>>;
