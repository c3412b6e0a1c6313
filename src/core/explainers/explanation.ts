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

/** Which part of which training image a map is the likeness to. */
export interface Likeness {
  /** Of the class, from 1 to `prototypes`. */
  prototype: number;
  prototypes: number;
  /** Of the patch that is most like it: ln((d + 1) / (d + 10⁻⁴)), so 9.21 at most. */
  similarity: number;
  /** Patches a side. */
  mapSize: number;
  /**
   * The patch that the prototype became after an epoch, of a training image by its index in the data set's
   * training split; null before the first time. Steps of later epochs have moved it.
   */
  patch: { image: number; row: number; column: number; epoch: number } | null;
}

export interface Explanation {
  method: ExplainerName;
  options: ChosenExplainer['options'];
  epoch: number;
  targetClass: number;
  /** [imageSize, imageSize]; negative where the method is signed and a pixel speaks against the class. */
  map: Float32Array;
  /** Of a method by prototypes; else null. */
  likeness: Likeness | null;
  /** What it took to compute. */
  durationMs: number;
}

/** An explanation, or why a method cannot give one. */
export type ExplanationOutcome =
  | Explanation
  | (Pick<Explanation, 'method' | 'options' | 'epoch' | 'targetClass'> & { problem: ErrorFacts });
