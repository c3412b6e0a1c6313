import { describeRun, panelLetter, requireWidth, type Figure, type RunLabel } from './figure.ts';
import { describePrediction, formatConfidence, mapDefinition } from './mapCaptions.ts';
import {
  camBar,
  drawPicture,
  drawVerticalBar,
  verticalBarWidth,
  type ShownImage,
  type ShownMap,
} from './maps.ts';
import { tabulateMaps } from './mapTable.ts';
import { drawSheet, type Pen } from './pen.ts';

export interface CamPairData {
  run: RunLabel;
  image: ShownImage;
  map: ShownMap;
  /** Said at the beginning of the caption: why this image. */
  note: string;
}

const gap = 10;
const leastSide = 24;

function drawTitled(pen: Pen, index: number, title: string, lines: string[], side: number): number {
  const letter = pen.style.panelLetters ? panelLetter(index) : '';
  const indent = letter === '' ? 0 : pen.measure(letter, pen.sizePt, 'bold') + pen.sizePt * 0.5;
  if (letter !== '') pen.text(letter, 0, pen.sizePt * 0.8, { weight: 'bold' });
  pen.text(pen.fit(title, side - indent), indent, pen.sizePt * 0.8);
  lines.forEach((line, i) => {
    const y = pen.linePt + side + 2 + pen.sizePt + i * pen.linePt;
    pen.text(pen.fit(line, side), side / 2, y, { anchor: 'middle' });
  });
  return pen.linePt + side + 2 + lines.length * pen.linePt;
}

/** `predicted 3 (0.93)`, on two lines where that does not fit. */
function describePair(pen: Pen, { predictedName, confidence }: ShownMap, room: number): string[] {
  const [name, value] = [`predicted ${predictedName}`, `(${formatConfidence(confidence)})`];
  const line = `${name} ${value}`;
  return pen.measure(line) <= room ? [line] : [name, value];
}

function draw(pen: Pen, { image, map }: CamPairData): number {
  const { colorBar, widthPt } = pen.style;
  const bar = colorBar ? verticalBarWidth(pen) + 4 : 0;
  requireWidth(pen.options, 2 * leastSide + gap + bar, 'an image and a map side by side');
  const side = (widthPt - gap - bar - 0.5) / 2;
  const [left, right] = [pen.at(0.25, 0), pen.at(0.25 + side + gap, 0)];
  drawPicture(left, { kind: 'image', image }, 0, pen.linePt, side);
  drawPicture(right, { kind: 'cam', map }, 0, pen.linePt, side);
  drawTitled(left, 0, 'Input', [`label ${image.labelName}`], side);
  const lines = describePair(pen, map, side);
  const height = drawTitled(right, 1, `CAM, class ${map.targetName}`, lines, side);
  if (colorBar) drawVerticalBar(pen.at(widthPt - bar + 4, pen.linePt), camBar, side);
  return height + 1;
}

/** An image and its map side by side. */
export const camPair: Figure<CamPairData> = {
  render: (data, options, document) => drawSheet(options, document, (pen) => draw(pen, data)),
  caption: ({ run, image, map, note }) => {
    const correlation =
      map.inputCorrelation === null
        ? ''
        : ` Pearson’s correlation of map and image: ${map.inputCorrelation.toFixed(2)}.`;
    const start = note === '' ? '' : `${note} `;
    return `${start}Test image ${image.exampleId} of ${run.dataset} (label ${image.labelName}) and its class activation map for class ${map.targetName} under ${describeRun(run, map.epoch)}: ${describePrediction(map)}. ${mapDefinition}${correlation}`;
  },
  tabulate: ({ run, image, map }) =>
    tabulateMaps([
      { run: run.id, image, map: null },
      { run: run.id, image, map },
    ]),
};
