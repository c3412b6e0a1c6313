import type { ModelSettings } from '../../../core/models/network.ts';
import type { NamedTensor } from '../../../core/formats/safetensors.ts';
import { projectPrototypes } from './prototypes/afterEpoch.ts';

/** A network between an epoch's last step and its evaluation, as what changes it then sees it. */
export interface AdjustedNetwork {
  epoch: number;
  classes: number;
  /** The images that it learns from, as indices into the training split, and their labels. */
  images: Uint32Array;
  labels: Uint8Array;
  /** Parameters and statistics by name. */
  readWeights: () => Readonly<Record<string, NamedTensor>>;
  /** Puts other values in the place of some. */
  writeWeights: (changed: Readonly<Record<string, NamedTensor>>) => void;
  /** What a layer of `layers` makes of training images, in evaluation mode: [B, ...output]. */
  outputsOf: (layer: string, images: Uint32Array) => Float32Array;
  /** Tells how far it is; ends it by throwing, and what was written is taken back. */
  progress: (step: number, steps: number) => Promise<void>;
}

/** What a model's training does besides steps, after those of an epoch. The same network ends up with the same bits. */
export interface AfterEpoch {
  /** Layers whose outputs it asks for. */
  layers: readonly string[];
  /** Whether there is anything to do after an epoch, from 1 on. */
  isDue: (epoch: number) => boolean;
  run: (network: AdjustedNetwork) => Promise<void>;
}

type Builders = {
  readonly [Name in ModelSettings['name']]?: (
    settings: Extract<ModelSettings, { name: Name }>,
  ) => AfterEpoch;
};

const builders: Builders = { protopnet: projectPrototypes };

/** Of a configuration's model; null for one that only steps train. */
export function buildAfterEpoch(model: ModelSettings): AfterEpoch | null {
  const build = builders[model.name] as ((settings: ModelSettings) => AfterEpoch) | undefined;
  return build?.(model) ?? null;
}
