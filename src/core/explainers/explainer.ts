import type { z } from 'zod';
import type { Fields } from '../config/fields.ts';
import type { LayerSpec } from '../models/layers.ts';

/** What kind of question a method asks of a network. */
export const explainerFamilies = ['cam', 'gradient', 'perturbation', 'relevance'] as const;
export type ExplainerFamily = (typeof explainerFamilies)[number];

export const familyTitles: Readonly<Record<ExplainerFamily, string>> = {
  cam: 'Maps of a layer’s activations',
  gradient: 'Gradients by the pixels',
  perturbation: 'What changes when pixels do',
  relevance: 'Relevance handed back layer by layer',
};

/** Sizes that decide what an explanation costs. */
export interface ExplainedSizes {
  imageSize: number;
  /** Of the target layer. */
  channels: number;
}

/** The values of a descriptor's fields. */
export type OptionsOf<F extends Fields> = z.output<z.ZodObject<F>>;

/** A way to explain a class's score by a map of the image, for all who name or describe it. */
export interface Explainer<F extends Fields = Fields> {
  family: ExplainerFamily;
  title: string;
  description: string;
  /** Plain text; y is the class's logit, x the image in [0, 1], A the target layer's activations. */
  formula: string;
  /** Who described it first. */
  source: string;
  /** Whether negative values of the map mean what speaks against the class. */
  signed: boolean;
  /** Whether it draws at random; the same seed gives the same map. */
  random: boolean;
  /** In words, what it takes. */
  cost: string;
  /** The kind of layer that a network must have; absent: any network will do. */
  needs?: LayerSpec['kind'];
  fields: F;
  /** Images that the network sees for one map, in passes forward, with or without one back. */
  passes(options: OptionsOf<F>, sizes: ExplainedSizes): number;
}

/** The same descriptor, its fields known to the type checker. */
export const explainer = <const F extends Fields>(descriptor: Explainer<F>): Explainer<F> =>
  descriptor;

/** A map of the target layer that needs its activations and their gradient, once. */
export const layerGradientMap = (
  texts: Pick<Explainer, 'title' | 'description' | 'formula' | 'source'>,
) =>
  explainer({
    family: 'cam',
    signed: false,
    random: false,
    cost: '1 pass forward and back',
    fields: {},
    passes: () => 1,
    ...texts,
  });
