/** A way to explain a class's score by a map over a layer's positions, for all who name or describe it. */
export interface Explainer {
  title: string;
  description: string;
  /** Of the native map M, plain text; y is the class's logit, A the layer's activations. */
  formula: string;
  /** Who described it first. */
  source: string;
}
