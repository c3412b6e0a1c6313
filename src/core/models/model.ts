import type { z } from 'zod';
import type { Component } from '../config/component.ts';
import type { Fields } from '../config/fields.ts';
import type { LayerSpec } from './layers.ts';

/** What a network is given: square images, and how many classes to tell apart. */
export interface NetworkInput {
  /** Pixels a side. */
  imageSize: number;
  /** 1 for grey images. */
  channels: number;
  classes: number;
}

/** Values of a model's fields. */
export type SettingsOf<F extends Fields> = z.output<z.ZodObject<F>>;

/**
 * A term that training a model adds to whatever objective a run has, such as a cost of what its head
 * computes. Its values go by its name, as those of the objective's own terms do.
 */
export interface ModelTerm<Name extends string = string> extends Pick<
  Component<Name>,
  'name' | 'title' | 'word' | 'description' | 'formula' | 'source'
> {
  /** The field of the model that weighs it; what is subtracted has a weight of its own sign here. */
  weight: { field: string; sign: 1 | -1 };
}

/** The same term, its name known to the type checker. */
export const modelTerm = <const Name extends string>(term: ModelTerm<Name>): ModelTerm<Name> =>
  term;

/** A network that runs can train. */
export interface Model<Name extends string = string, F extends Fields = Fields> extends Component<
  Name,
  F
> {
  /** The layer whose maps are recorded unless another is chosen. */
  targetLayer: (settings: SettingsOf<F>) => string;
  listLayers: (settings: SettingsOf<F>, input: NetworkInput) => LayerSpec[];
  /** What its training adds to every objective. */
  terms?: readonly ModelTerm[];
}

/** The same model, its name and fields known to the type checker. */
export const defineModel = <const Name extends string, F extends Fields>(
  model: Model<Name, F>,
): Model<Name, F> => model;
