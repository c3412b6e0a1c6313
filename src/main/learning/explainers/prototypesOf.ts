import type { Network } from '../../../core/models/network.ts';
import type { StateFunction } from '../engine/engine.ts';
import { buildOutputStep, type EvaluationParts } from '../evaluate.ts';
import { nameParameters } from '../model/parameters.ts';
import { computeSimilarity } from '../model/prototypes/layers.ts';

/** The prototypes that a network compares patches with, class after class. */
export interface PrototypesOf {
  /** What each patch of an image is like each of them, [h, w, count]. */
  similarities: (image: Float32Array) => { values: Float32Array; count: number };
  /** Where one of them is from, as its layer keeps it: `sourceFields`. */
  source: (prototype: number) => Float32Array;
}

/** The layer of a network that measures distances to prototypes. */
function findPrototypes({ layers }: Network): { name: string; count: number } | undefined {
  const specs = layers.flatMap(({ spec }) => (spec.kind === 'prototypes' ? [spec] : []));
  return specs[0];
}

/** (images) -> what each patch is like each prototype, [B, h, w, count]. */
export const buildSimilarities =
  (parts: EvaluationParts): StateFunction =>
  (images, state) => {
    const layer = findPrototypes(parts.model)?.name ?? '';
    const { outputs } = buildOutputStep(parts, layer)(images, state);
    return { outputs: outputs.map(computeSimilarity) };
  };

/** @param readStatistics of the epoch that is explained */
export function buildPrototypes(
  model: Network,
  similaritiesOf: (image: Float32Array) => Float32Array,
  readStatistics: () => Float32Array,
): PrototypesOf | null {
  const layer = findPrototypes(model);
  if (layer === undefined) return null;
  const { name, count } = layer;
  return {
    similarities: (image) => ({ values: similaritiesOf(image), count }),
    source: (prototype) => {
      const kept = nameParameters(readStatistics(), model.statistics)[`${name}/source`];
      const values = kept?.values as Float32Array;
      const length = values.length / count;
      return values.slice(prototype * length, (prototype + 1) * length);
    },
  };
}
