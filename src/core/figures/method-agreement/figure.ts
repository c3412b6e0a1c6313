import { cssColor, packColor } from '../../maps/colorMaps.ts';
import { explainers, type ExplainerName } from '../../explainers/registry.ts';
import { drawLetter } from '../charts/chart.ts';
import type { AuditedSide } from '../charts/gatherAudits.ts';
import {
  describeRun,
  formatNumber,
  joinWords,
  panelLetter,
  requireWidth,
  type Figure,
} from '../figure.ts';
import { ink, type Pen } from '../drawing/pen.ts';
import { gather } from './gather.ts';
import type { MethodAgreementSpec } from './spec.ts';

type Side = AuditedSide & {
  methods: ExplainerName[];
  /** Mean rank correlations; null where undefined. */
  matrix: (number | null)[][];
};

export interface MethodAgreementData {
  sides: Side[];
}

const textOf = (value: number | null): string => (value === null ? '–' : formatNumber(value, 2));
/** `1 Grad-CAM`: its number stands over its column. */
const rowTitle = (name: ExplainerName, i: number): string => `${i + 1} ${explainers[name].title}`;

/** The colour of a correlation of 1; less is mixed with white, and none below 0. */
const darkest = [8, 48, 107] as const;
function fillOf(value: number | null): { fill: string; text: string } {
  const share = Math.max(0, value ?? 0) * 0.8;
  const mix = (channel: number): number => Math.round(255 + (channel - 255) * share);
  const [red, green, blue] = darkest;
  const fill = cssColor(packColor([mix(red), mix(green), mix(blue)]));
  return { fill, text: share > 0.6 ? '#ffffff' : ink };
}

function drawMatrix(pen: Pen, { methods, matrix }: Side, left: number, cell: number): void {
  const high = pen.linePt * 1.5;
  methods.forEach((name, y) => {
    const baseline = (y + 1) * high + high / 2 + pen.sizePt * 0.35;
    pen.text(rowTitle(name, y), 0, baseline);
    pen.text(String(y + 1), left + (y + 0.5) * cell, high - pen.sizePt * 0.4, { anchor: 'middle' });
    matrix[y]?.forEach((value, x) => {
      const { fill, text } = fillOf(value);
      pen.rect(left + x * cell, (y + 1) * high, cell, high, {
        fill,
        stroke: { color: '#c0c0c0', widthPt: pen.style.lineWidthPt / 3 },
      });
      pen.text(textOf(value), left + (x + 0.5) * cell, baseline, { anchor: 'middle', fill: text });
    });
  });
}

/** Width of the titles of the rows, pt. */
const titlesWidth = (pen: Pen, { methods }: Side): number =>
  Math.max(...methods.map((name, i) => pen.measure(rowTitle(name, i)))) + 4;

function draw(pen: Pen, { sides }: MethodAgreementData): number {
  const cell = pen.measure(formatNumber(-0.88, 2)) + 6;
  const widths = sides.map((side) => titlesWidth(pen, side) + side.methods.length * cell + 2);
  requireWidth(pen.options, Math.max(...widths), 'the numbers of the matrix');
  const isBeside = widths.reduce((a, b) => a + b, 0) + 12 <= pen.style.widthPt;
  let [x, y, bottom] = [0, 0, 0];
  sides.forEach((side, i) => {
    const height = pen.linePt * (1.5 * (side.methods.length + 1) + 1.4);
    const pane = pen.at(x, y);
    drawLetter(pane, panelLetter(i), 0, 0);
    drawMatrix(pane.at(0, pen.linePt), side, titlesWidth(pen, side), cell);
    bottom = Math.max(bottom, y + height);
    if (isBeside) x += (widths[i] ?? 0) + 12;
    else y += height;
  });
  return bottom;
}

/** Whether a conclusion hangs on the method. */
export const figure: Figure<MethodAgreementSpec, MethodAgreementData> = {
  gather,
  draw,
  caption: ({ sides }) => {
    const runs = sides.map(({ run, epoch }, i) => `(${panelLetter(i)}) ${describeRun(run, epoch)}`);
    return `Spearman’s correlation of the absolute values of two methods’ maps of the same image, mean over ${sides[0]?.images ?? 0} test images. ${joinWords(runs)}. Methods of one family share their faults: agreement does not say that they are right.`;
  },
  tabulate: ({ sides }) => ({
    columns: ['run', 'method', 'other', 'rankCorrelation'],
    rows: sides.flatMap(({ run, methods, matrix }) =>
      methods.flatMap((a, y) => methods.map((b, x) => [run.id, a, b, matrix[y]?.[x] ?? null])),
    ),
  }),
};
