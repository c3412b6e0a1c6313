import type { ExplainedImage } from '../explainers/explainedImage.ts';
import type { LayerGradientMethod } from '../explainers/registry.ts';

/** One image under the networks of E epochs, for whoever computes its maps. */
export interface ClassMapsRequest extends ExplainedImage {
  method: LayerGradientMethod;
  /** E safetensors files. */
  weights: Uint8Array[];
}

/** The native maps of every class, stored as all maps are: M = level / 255 * scale. */
export interface ClassMaps {
  mapSize: number;
  /** [classes, E, mapSize, mapSize] */
  levels: Uint8Array;
  /** [classes, E] */
  scales: Float32Array;
}
