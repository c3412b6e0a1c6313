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

/** A network that runs can train. */
export interface Model<Name extends string = string, F extends Fields = Fields> extends Component<
  Name,
  F
> {
  /** The layer whose maps are recorded unless another is chosen. */
  targetLayer: (settings: SettingsOf<F>) => string;
  listLayers: (settings: SettingsOf<F>, input: NetworkInput) => LayerSpec[];
}

/** The same model, its name and fields known to the type checker. */
export const defineModel = <const Name extends string, F extends Fields>(
  model: Model<Name, F>,
): Model<Name, F> => model;
