import type { TargetLayer } from '../config/runConfig.ts';
import type { ModelSettings } from '../models/network.ts';
import type { ChannelValues, PixelFormat } from '../pixels.ts';

/** An image and what a network of its run is, as whoever explains it takes them. */
export interface ExplainedImage extends PixelFormat {
  model: ModelSettings;
  targetLayer: TargetLayer;
  classes: number;
  /** Of the data set, on values in [0, 1]. */
  mean: ChannelValues;
  standardDeviation: ChannelValues;
  /** [imageSize, imageSize] or [imageSize, imageSize, 3], 0 to 255. */
  image: Uint8Array;
}
