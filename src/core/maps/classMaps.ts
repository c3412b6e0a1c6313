import type { LayerGradientMethod } from '../explainers/registry.ts';
import type { ModelSettings } from '../models/network.ts';
import type { ChannelValues, PixelFormat } from '../pixels.ts';
import type { TargetLayer } from '../config/runConfig.ts';

/** One image under the networks of E epochs, for whoever computes its maps. */
export interface ClassMapsRequest extends PixelFormat {
  method: LayerGradientMethod;
  model: ModelSettings;
  targetLayer: TargetLayer;
  classes: number;
  /** Of the data set, on values in [0, 1]. */
  mean: ChannelValues;
  standardDeviation: ChannelValues;
  /** [imageSize, imageSize] or [imageSize, imageSize, 3], 0 to 255. */
  image: Uint8Array;
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
