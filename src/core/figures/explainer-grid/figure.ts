import type { ChosenExplainer } from '../../explainers/options.ts';
import { explainers } from '../../explainers/registry.ts';
import { shortTitleOf } from '../../explainers/shortTitles.ts';
import { describeRun, joinWords, type Figure, type RunLabel } from '../figure.ts';
import type { Pen } from '../drawing/pen.ts';
import {
  barsOf,
  describeOptions,
  pictureOf,
  tabulateExplained,
  type ExplainedRow,
} from '../maps/explained.ts';
import { describeLabels, wordAlike } from '../maps/mapCaptions.ts';
import { drawMapGrid } from '../maps/mapGrid.ts';
import type { GridContent } from '../maps/mapGridLayout.ts';
import { gather } from './gather.ts';
import type { ExplainerGridSpec } from './spec.ts';

export interface ExplainerGridData {
  run: RunLabel;
  epoch: number;
  methods: readonly ChosenExplainer[];
  rows: ExplainedRow[];
  /** Whose class is explained. */
  target: 'predicted' | 'label';
  seed: number;
  /** Said at the beginning of the caption: why these images. */
  note: string;
}

function fill(pen: Pen, { methods, rows }: ExplainerGridData, room: number): GridContent {
  const labels = describeLabels(
    pen,
    rows.map(({ image }) => image),
    room,
  );
  const names = methods.map(({ name }) => name);
  const wordings = [names.map((name) => explainers[name].title), names.map(shortTitleOf)];
  const titles = wordAlike(pen, wordings, room).map((title) => pen.fit(title, room));
  return {
    columnTitles: ['Input', ...titles],
    rowTitles: [],
    cells: rows.map(({ image, explained }, row) => [
      { picture: { kind: 'image', image }, lines: [{ text: labels[row] ?? '' }] },
      ...explained.map((one) => ({ picture: pictureOf(one), lines: [] })),
    ]),
  };
}

const draw = (pen: Pen, data: ExplainerGridData): number =>
  drawMapGrid(pen, {
    rows: data.rows.length,
    columns: data.methods.length + 1,
    abreast: 1,
    hasRowTitles: false,
    isLettered: data.rows.length > 1,
    what: 'images, each with its maps,',
    bars: barsOf(data.methods.map(({ name }) => name)),
    names: data.rows.map(({ image }) => ({ text: image.labelName })),
    fill: (side) => fill(pen, data, side),
  });

function describeMethod({ name, options }: ChosenExplainer): string {
  const { title, source } = explainers[name];
  const chosen = describeOptions(options);
  return `${title} (${[source, chosen].filter(Boolean).join('; ')})`;
}

function caption({ run, epoch, methods, rows, target, seed, note }: ExplainerGridData): string {
  const images = rows.map(({ image }) => image.exampleId).join(', ');
  const subject = rows.length === 1 ? `Test image ${images}` : `Test images ${images}`;
  const whose = target === 'label' ? 'the label' : 'the predicted class';
  const has = (test: (name: ChosenExplainer['name']) => boolean): boolean =>
    methods.some(({ name }) => test(name));
  return [
    note,
    `${subject} of ${run.dataset}, explained for ${whose} under ${describeRun(run, epoch)} by ${joinWords(methods.map(describeMethod))}.`,
    'Each map is divided by its own largest absolute value.',
    has((name) => explainers[name].signed)
      ? 'In signed maps, what is below zero speaks against the class; white is zero.'
      : '',
    has((name) => explainers[name].random) ? `Drawn at random with seed ${seed}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** Input and a map by each method, one row per image. */
export const figure: Figure<ExplainerGridSpec, ExplainerGridData> = {
  gather,
  draw,
  caption,
  tabulate: ({ run, rows }) => tabulateExplained(rows, run.id),
};
