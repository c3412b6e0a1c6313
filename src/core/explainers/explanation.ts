import type { ExplainedImage } from './explainedImage.ts';
import type { ChosenExplainer } from './options.ts';
import type { ExplainerName } from './registry.ts';

/** One image under the networks of some epochs, for whoever explains what they make of it. */
export interface ExplanationsRequest extends ExplainedImage {
  methods: readonly ChosenExplainer[];
  /** Of what methods draw at random, the same for every method and epoch. */
  seed: number;
  /** Images for methods that compare with others. */
  background: Uint8Array;
  /** With a safetensors file each. */
  epochs: readonly { epoch: number; targetClass: number; weights: Uint8Array }[];
}

export interface Explanation {
  method: ExplainerName;
  options: ChosenExplainer['options'];
  epoch: number;
  targetClass: number;
  /** [imageSize, imageSize]; negative where the method is signed and a pixel speaks against the class. */
  map: Float32Array;
  durationMs: number;
}
