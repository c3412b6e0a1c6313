import type { GridLine } from './mapGrid.ts';
import type { ShownImage, ShownMap } from './maps.ts';
import type { Pen } from './pen.ts';

/** How every caption says what a map is. */
export const mapDefinition = 'Grad-CAM at the input’s size, each map divided by its own maximum.';

/** What stands under the maps of a grid. */
export const predictionRule =
  'Under each map: predicted class and, in parentheses, confidence (largest probability); in bold where the prediction is wrong.';

/**
 * `3 (0.93)` under every map, on two lines if one of them does not fit on one; a name that is too
 * long loses its middle.
 */
export function describeMaps(
  pen: Pen,
  maps: readonly ShownMap[],
  room: number,
): (map: ShownMap) => GridLine[] {
  const weightOf = ({ correct }: ShownMap) => (correct ? 'normal' : 'bold');
  const confidenceOf = ({ confidence }: ShownMap): string => `(${formatConfidence(confidence)})`;
  const lineOf = (map: ShownMap): string => `${map.predictedName} ${confidenceOf(map)}`;
  const fitsOn = (map: ShownMap): boolean =>
    pen.measure(lineOf(map), pen.sizePt, weightOf(map)) <= room;
  if (maps.every(fitsOn)) return (map) => [{ text: lineOf(map), bold: !map.correct }];
  return (map) => [
    { text: pen.fit(map.predictedName, room, weightOf(map)), bold: !map.correct },
    { text: confidenceOf(map), bold: !map.correct },
  ];
}

/** `label 5`, or the bare name where that does not fit. */
export function labelOf(pen: Pen, { labelName }: ShownImage, room: number): string {
  const long = `label ${labelName}`;
  return pen.measure(long) <= room ? long : pen.fit(labelName, room);
}

/** `predicted 3, confidence 0.93` */
export const describePrediction = ({ predictedName, confidence }: ShownMap): string =>
  `predicted ${predictedName}, confidence ${formatConfidence(confidence)}`;

/** Two decimals, more only where 1.00 would claim certainty. */
export function formatConfidence(confidence: number): string {
  const text = confidence.toFixed(2);
  return text === '1.00' && confidence < 0.9999995 ? '>0.99' : text;
}
