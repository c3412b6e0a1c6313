import { cssColor, packColor } from '../../maps/colorMaps.ts';
import { describeRun, requireHeight, requireWidth, type Figure, type RunLabel } from '../figure.ts';
import { ink, type Pen } from '../drawing/pen.ts';
import { gather } from './gather.ts';
import type { ConfusionMatrixSpec } from './spec.ts';

export interface ConfusionMatrixData {
  run: RunLabel;
  epoch: number;
  classNames: string[];
  /** [classes][classes]: images with the label of the row predicted as the class of the column. */
  counts: number[][];
  values: 'counts' | 'rates';
}

const total = (row: readonly number[]): number => row.reduce((a, b) => a + b, 0);

/** Share of the row's label, 0 where it has no images. */
const rateOf = (row: readonly number[], count: number): number => count / Math.max(1, total(row));

function cellText({ values }: ConfusionMatrixData, row: readonly number[], count: number): string {
  if (values === 'counts' || count === 0) return String(count);
  const percent = rateOf(row, count) * 100;
  if (percent < 0.05) return '<0.1';
  return percent > 99.95 && percent < 100 ? '>99.9' : percent.toFixed(1);
}

/** The colour of a rate of 1; less is mixed with white. */
const darkest = [8, 48, 107] as const;

/** On a root scale, so that rare mistakes can be told from none; light for few, dark for many. */
function fillOf(rate: number): { fill: string; text: string } {
  const share = Math.sqrt(rate);
  const mix = (channel: number): number => Math.round(255 + (channel - 255) * share);
  const [red, green, blue] = darkest;
  const fill = cssColor(packColor([mix(red), mix(green), mix(blue)]));
  return { fill, text: rate === 0 ? '#767676' : share > 0.5 ? '#ffffff' : ink };
}

function drawCells(pen: Pen, data: ConfusionMatrixData, side: number): void {
  data.counts.forEach((row, y) => {
    row.forEach((count, x) => {
      const { fill, text } = fillOf(rateOf(row, count));
      pen.rect(x * side, y * side, side, side, {
        fill,
        stroke: { color: '#c0c0c0', widthPt: pen.style.lineWidthPt / 3 },
      });
      const middle = (y + 0.5) * side + pen.sizePt * 0.35;
      pen.text(cellText(data, row, count), (x + 0.5) * side, middle, {
        anchor: 'middle',
        fill: text,
      });
    });
  });
  const length = data.counts.length * side;
  const stroke = { color: ink, widthPt: pen.style.lineWidthPt };
  pen.rect(0, 0, length, length, { stroke });
}

/** Room below the cells for the names of the classes, upright or turned, pt. */
const namesBelow = (pen: Pen, names: number, side: number): number =>
  names <= side - 2 ? pen.linePt : names + 4;

/** Height of what stands below the cells and the names, pt. */
const footHeight = (pen: Pen): number => pen.linePt + pen.sizePt * 0.3 + 4;

/** A cell as wide as the page lets it be, or as tall. @param names width of the widest name, pt */
function chooseSide(pen: Pen, least: number, left: number, names: number, classes: number): number {
  const what = 'the numbers of the matrix';
  const below = Math.max(pen.linePt, names + 4) + footHeight(pen);
  requireWidth(pen.options, left + classes * least + 1, what);
  requireHeight(pen, classes * least + below, what);
  const widest = (pen.style.widthPt - left - 1) / classes;
  const height = classes * widest + namesBelow(pen, names, widest) + footHeight(pen);
  return height <= pen.style.tallestPt ? widest : (pen.style.tallestPt - below) / classes;
}

function draw(pen: Pen, data: ConfusionMatrixData): number {
  const { classNames, counts, values } = data;
  const names = Math.max(...classNames.map((name) => pen.measure(name)));
  const left = names + 4 + pen.linePt;
  const texts = counts.flatMap((row) =>
    row.map((count) => pen.measure(cellText(data, row, count))),
  );
  const least = Math.max(...texts) + 3;
  const side = chooseSide(pen, least, left, names, counts.length);
  const length = counts.length * side;
  const indent = (pen.style.widthPt - left - 1 - length) / 2;
  const body = pen.at(indent + left, 1);
  drawCells(body, data, side);
  const below = namesBelow(pen, names, side);
  classNames.forEach((name, i) => {
    const middle = (i + 0.5) * side;
    body.text(name, -4, middle + pen.sizePt * 0.35, { anchor: 'end' });
    if (names <= side - 2) body.text(name, middle, length + pen.linePt, { anchor: 'middle' });
    else body.text(name, middle + pen.sizePt * 0.35, length + 4, { anchor: 'end', upwards: true });
  });
  const label =
    values === 'rates' ? 'Predicted class (% of the label’s images)' : 'Predicted class';
  const labelY = length + below + pen.linePt + 2;
  body.text(body.fit(label, length), length / 2, labelY, { anchor: 'middle' });
  pen.text('Label', indent + pen.sizePt * 0.9, 1 + length / 2, { anchor: 'middle', upwards: true });
  return length + below + footHeight(pen);
}

/** Labels against predicted classes. */
export const figure: Figure<ConfusionMatrixSpec, ConfusionMatrixData> = {
  gather,
  draw,
  caption: ({ run, epoch, values, counts }) => {
    const images = total(counts.map(total));
    const wrong = images - total(counts.map((row, i) => row[i] ?? 0));
    const what =
      values === 'counts' ? 'Numbers of images' : 'Percentages of the images of each label';
    return `Confusion matrix of ${describeRun(run, epoch)} on the ${images} test images of ${run.dataset}; ${wrong} are predicted wrong. ${what}; colours on a square-root scale of the share of each label.`;
  },
  tabulate: ({ counts, classNames }) => ({
    columns: ['label', 'predictedClass', 'count', 'rate'],
    rows: counts.flatMap((row, y) =>
      row.map((count, x) => [classNames[y] ?? y, classNames[x] ?? x, count, rateOf(row, count)]),
    ),
  }),
};
