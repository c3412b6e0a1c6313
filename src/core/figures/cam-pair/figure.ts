import {
  describeRun,
  formatNumber,
  panelLetter,
  requireHeight,
  requireWidth,
  type Figure,
  type RunLabel,
} from '../figure.ts';
import {
  describePrediction,
  describeZeroMaps,
  formatConfidence,
  mapDefinition,
} from '../maps/mapCaptions.ts';
import {
  camBar,
  drawPicture,
  drawVerticalBar,
  verticalBarWidth,
  type ShownImage,
  type ShownMap,
} from '../maps/maps.ts';
import { tabulateMaps } from '../maps/mapTable.ts';
import type { Pen } from '../drawing/pen.ts';
import { gather } from './gather.ts';
import type { CamPairSpec } from './spec.ts';

export interface CamPairData {
  run: RunLabel;
  image: ShownImage;
  map: ShownMap;
  /** Said at the beginning of the caption: why this image. */
  note: string;
}

const gap = 10;
const leastSide = 24;

/** What stands around one of the two pictures: wordings of its title, longest first, and lines. */
interface Surroundings {
  titles: string[];
  lines: string[];
}

function drawAround(pen: Pen, index: number, { titles, lines }: Surroundings, side: number): void {
  const letter = pen.style.panelLetters ? panelLetter(index) : '';
  const indent = letter === '' ? 0 : pen.measure(letter, pen.sizePt, 'bold') + pen.sizePt * 0.5;
  if (letter !== '') pen.text(letter, 0, pen.sizePt * 0.8, { weight: 'bold' });
  pen.text(pen.choose(titles, side - indent), indent, pen.sizePt * 0.8);
  lines.forEach((line, i) => {
    const y = pen.linePt + side + 2 + pen.sizePt + i * pen.linePt;
    pen.text(line, side / 2, y, { anchor: 'middle' });
  });
}

/** `predicted 3 (0.93)`, on two lines where that does not fit. */
function describePair(pen: Pen, { predictedName, confidence }: ShownMap, room: number): string[] {
  const value = `(${formatConfidence(confidence)})`;
  const line = `predicted ${predictedName} ${value}`;
  if (pen.measure(line) <= room) return [line];
  return [pen.choose([`predicted ${predictedName}`, predictedName], room), value];
}

const heightOf = (pen: Pen, side: number, lines: readonly string[]): number =>
  pen.linePt * (1 + lines.length) + side + 3;

function draw(pen: Pen, { image, map }: CamPairData): number {
  const { colorBar, widthPt, tallestPt } = pen.style;
  const bar = colorBar ? verticalBarWidth(pen) + 4 : 0;
  requireWidth(pen.options, 2 * leastSide + gap + bar, 'an image and a map side by side');
  const room = (widthPt - gap - bar - 0.5) / 2;
  // Two lines of text, should the picture become too narrow for one.
  requireHeight(pen, heightOf(pen, leastSide, ['', '']), 'an image and its text');
  const side = Math.min(room, tallestPt - heightOf(pen, 0, ['', '']));
  const lines = describePair(pen, map, side);
  const sheet = pen.at(room - side, 0);
  const [left, right] = [sheet.at(0.25, 0), sheet.at(0.25 + side + gap, 0)];
  drawPicture(left, { kind: 'image', image }, 0, pen.linePt, side);
  drawPicture(right, { kind: 'cam', map }, 0, pen.linePt, side);
  const name = map.targetName;
  const label = pen.choose([`label ${image.labelName}`, image.labelName], side);
  drawAround(left, 0, { titles: ['Input'], lines: [label] }, side);
  drawAround(right, 1, { titles: [`CAM, class ${name}`, `CAM, ${name}`, name], lines }, side);
  if (colorBar) drawVerticalBar(sheet.at(0.5 + 2 * side + gap + 4, pen.linePt), camBar, side);
  return heightOf(pen, side, lines);
}

/** What the caption says of the correlation; nothing where the map is not the predicted class's. */
function describeCorrelation({ inputCorrelation, ...map }: ShownMap): string {
  if (inputCorrelation !== null) {
    return ` Pearson’s correlation of map and image: ${formatNumber(inputCorrelation, 2)}.`;
  }
  return map.targetClass === map.predictedClass
    ? ' Pearson’s correlation of map and image is undefined.'
    : '';
}

/** An image and its map side by side. */
export const figure: Figure<CamPairSpec, CamPairData> = {
  gather,
  draw,
  caption: ({ run, image, map, note }) => {
    const start = note === '' ? '' : `${note} `;
    return `${start}Test image ${image.exampleId} of ${run.dataset} (label ${image.labelName}) and its class activation map for class ${map.targetName} under ${describeRun(run, map.epoch)}: ${describePrediction(map)}. ${mapDefinition}${describeCorrelation(map)}${describeZeroMaps([map])}`;
  },
  tabulate: ({ run, image, map }) =>
    tabulateMaps([
      { run: run.id, image, map: null },
      { run: run.id, image, map },
    ]),
};
