import { z } from 'zod';
import type { ExplainedImage } from '../explainers/explainedImage.ts';
import type { ChosenExplainer } from '../explainers/options.ts';
import { explainerNames, explainers, type ExplainerName } from '../explainers/registry.ts';
import type { MaskRule } from '../metrics/foreground.ts';
import { removalBaselines } from './removal.ts';

/** Maps that no network made, which every audit has beside the others: what a copy of the image would score. */
export const referenceMaps = {
  image: {
    title: 'The image itself',
    description: 'Its luminance as a map: what a method scores that copies the image.',
  },
  edges: {
    title: 'The image’s edges',
    description: 'Sobel’s filter as a map: what a method scores that finds edges.',
  },
  chance: {
    title: 'Chance',
    description: 'A map of noise: what a method scores that knows nothing.',
  },
} as const;
export type ReferenceName = keyof typeof referenceMaps;
export const referenceNames = Object.keys(referenceMaps) as [ReferenceName, ...ReferenceName[]];

export type AuditedName = ExplainerName | ReferenceName;
export const auditedNames: readonly AuditedName[] = [...explainerNames, ...referenceNames];
export const auditedSchema = z.enum(auditedNames as [AuditedName, ...AuditedName[]]);

export const isReference = (name: AuditedName): name is ReferenceName => name in referenceMaps;
export const titleOfAudited = (name: AuditedName): string =>
  isReference(name) ? referenceMaps[name].title : explainers[name].title;

/** Methods whose audit takes no longer than training did. */
export const usualMethods = [
  ...(['gradcam', 'layercam', 'gradient', 'gradient-x-input'] as const),
] satisfies readonly ExplainerName[];

/** A version for each change of a number that audits store. */
export const auditVersion = 1;

const removalCurves = removalBaselines.flatMap((name) => [
  `deletion/${name}` as const,
  `insertion/${name}` as const,
]);
/** Curves that each image has, by the names of their columns. */
export const randomisedCurves = [
  'cascade/rank',
  'cascade/ssim',
  'independent/rank',
  'independent/ssim',
] as const;
export const auditCurves = [
  ...removalCurves,
  'road/most',
  'road/least',
  ...randomisedCurves,
] as const;
export type AuditCurve = (typeof auditCurves)[number];

/** The column of rank correlations with another method's maps. */
export const agreementColumn = (other: AuditedName): `agreement/${AuditedName}` =>
  `agreement/${other}`;

/** What was audited, which must be alike for audits to be compared. */
export const auditSettingsSchema = z.object({
  version: z.number().int(),
  seed: z.number().int(),
  /** The method's, with its defaults. */
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** What was randomised, from the output down. */
  layers: z.array(z.string()),
});
export type AuditSettings = z.infer<typeof auditSettingsSchema>;

/** What one way to explain has for each of N images at one epoch: measures [N], curves [N, points]; NaN where undefined. */
export type AuditColumns = Record<string, Float32Array>;

/** One way to explain at one epoch. */
export interface AuditedMethod {
  epoch: number;
  method: AuditedName;
  settings: AuditSettings;
  exampleIds: Uint32Array;
  /** [N], the class explained: what the epoch predicts. */
  targets: Uint32Array;
  columns: AuditColumns;
}

/** Test images under the networks of some epochs, for whoever audits what explains them. */
export interface AuditRequest extends Omit<ExplainedImage, 'image'> {
  /** What of an image is inside. */
  rule: MaskRule;
  methods: readonly ChosenExplainer[];
  seed: number;
  background: Uint8Array;
  exampleIds: Uint32Array;
  /** [N, S, S] or [N, S, S, 3], 0 to 255. */
  images: Uint8Array;
  /** Ascending, each with a safetensors file and the classes to explain, [N]. */
  epochs: readonly { epoch: number; targets: Uint32Array; weights: Uint8Array }[];
}
