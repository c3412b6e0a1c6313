import type { GridLine } from './mapGridLayout.ts';
import { isZeroMap, type ShownImage, type ShownMap } from './maps.ts';
import type { Pen } from '../drawing/pen.ts';

/** How every caption says what a map is. */
export const mapDefinition = 'Grad-CAM at the input’s size, each map divided by its own maximum.';

/** What stands under the maps of a grid. */
export const predictionRule =
  'Under each map: predicted class and, in parentheses, confidence (largest probability); in bold where the prediction is wrong.';

/** What a caption adds about its maps' mark, where one has it. */
export const describeZeroMaps = (maps: readonly ShownMap[]): string =>
  maps.some(isZeroMap) ? ' A struck circle (∅) marks a map that is zero everywhere.' : '';

/**
 * Texts that are worded alike: the first wording of which all fit in `room`, or the last.
 *
 * @param wordings the longest first, each with one text per place
 */
export function wordAlike(pen: Pen, wordings: readonly string[][], room: number): string[] {
  const fits = (text: string): boolean => pen.measure(text) <= room;
  const fitting = wordings.find((texts) => texts.every(fits));
  return fitting ?? wordings.at(-1) ?? [];
}

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

/** `label 5` under every image, or the bare names, in `room`, where one of them does not fit. */
export function describeLabels(pen: Pen, images: readonly ShownImage[], room: number): string[] {
  const names = images.map(({ labelName }) => labelName);
  const labels = wordAlike(pen, [names.map((name) => `label ${name}`), names], room);
  return labels.map((label) => pen.fit(label, room));
}

/** The names that stand under images and maps. */
export const listNames = (images: readonly ShownImage[], maps: readonly ShownMap[]): GridLine[] => [
  ...images.map(({ labelName }) => ({ text: labelName })),
  ...maps.map(({ predictedName, correct }) => ({ text: predictedName, bold: !correct })),
];

/** `predicted 3, confidence 0.93` */
export const describePrediction = ({ predictedName, confidence }: ShownMap): string =>
  `predicted ${predictedName}, confidence ${formatConfidence(confidence)}`;

/** Two decimals, more only where 1.00 would claim certainty. */
export function formatConfidence(confidence: number): string {
  const text = confidence.toFixed(2);
  return text === '1.00' && confidence < 0.9999995 ? '>0.99' : text;
}
