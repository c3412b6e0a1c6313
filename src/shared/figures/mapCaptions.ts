import type { ShownMap } from './maps.ts';

/** How every caption says what a map is. */
export const mapDefinition = 'Grad-CAM at the input’s size, each map divided by its own maximum.';

/** `predicted 3, confidence 0.93` */
export const describePrediction = ({ predictedName, confidence }: ShownMap): string =>
  `predicted ${predictedName}, confidence ${formatConfidence(confidence)}`;

/** Two decimals, more only where 1.00 would claim certainty. */
export function formatConfidence(confidence: number): string {
  const text = confidence.toFixed(2);
  return text === '1.00' && confidence < 0.9999995 ? '>0.99' : text;
}
