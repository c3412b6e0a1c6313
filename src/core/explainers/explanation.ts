import type { ErrorFacts } from '../errors.ts';
import type { ExplainedImage } from './explainedImage.ts';
import type { ChosenExplainer } from './options.ts';
import type { ExplainerName } from './registry.ts';

/** One image under the networks of some epochs, for whoever explains what they make of it. */
export interface ExplanationsRequest extends ExplainedImage {
  /** Of what methods draw at random, the same for every method and epoch. */
  seed: number;
  /** Images for methods that compare with others. */
  background: Uint8Array;
  /** With a safetensors file each, and the methods asked of that network. */
  epochs: readonly {
    epoch: number;
    targetClass: number;
    weights: Uint8Array;
    methods: readonly ChosenExplainer[];
  }[];
}

export interface Explanation {
  method: ExplainerName;
  options: ChosenExplainer['options'];
  epoch: number;
  targetClass: number;
  /** [imageSize, imageSize]; negative where the method is signed and a pixel speaks against the class. */
  map: Float32Array;
  /** What it took to compute. */
  durationMs: number;
}

/** An explanation, or why a method cannot give one. */
export type ExplanationOutcome =
  | Explanation
  | (Pick<Explanation, 'method' | 'options' | 'epoch' | 'targetClass'> & { problem: ErrorFacts });
