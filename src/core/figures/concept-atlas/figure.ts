import type { RankedChannel } from '../../explainers/concepts.ts';
import type { LrpRule } from '../../explainers/lrpRules.ts';
import { explainers } from '../../explainers/registry.ts';
import { describeRun, formatNumber, type Figure, type RunLabel } from '../figure.ts';
import type { Pen } from '../drawing/pen.ts';
import { barsOf, pictureOf, tabulateExplained, type ExplainedRow } from '../maps/explained.ts';
import { drawMapGrid } from '../maps/mapGrid.ts';
import type { GridCell, GridContent } from '../maps/mapGridLayout.ts';
import { gather } from './gather.ts';
import type { ConceptAtlasSpec } from './spec.ts';

export interface ConceptAtlasData {
  run: RunLabel;
  epoch: number;
  layer: string;
  rule: LrpRule;
  target: 'predicted' | 'label';
  /** Images that were looked at. */
  among: number;
  /** By their relevance, most first; of each the images in which it has most. */
  rows: (RankedChannel & { images: ExplainedRow[] })[];
  note: string;
}

const titleOf = ({ channel, share }: RankedChannel): string =>
  `${channel} (${formatNumber(100 * share, 1)}%)`;

function fill(pen: Pen, { rows }: ConceptAtlasData, room: number): GridContent {
  const cellsOf = ({ image, explained }: ExplainedRow): GridCell[] => [
    { picture: { kind: 'image', image }, lines: [{ text: pen.fit(image.labelName, room) }] },
    ...explained.map((one) => ({ picture: pictureOf(one), lines: [] })),
  ];
  return {
    columnTitles: [],
    rowTitles: rows.map(titleOf),
    cells: rows.map(({ images }) => images.flatMap(cellsOf)),
  };
}

const draw = (pen: Pen, data: ConceptAtlasData): number =>
  drawMapGrid(pen, {
    rows: data.rows.length,
    columns: 2 * Math.max(1, ...data.rows.map(({ images }) => images.length)),
    abreast: 1,
    hasRowTitles: true,
    isLettered: false,
    what: 'channels, each with its images,',
    bars: barsOf(['crp']),
    names: data.rows.flatMap(({ images }) =>
      images.map(({ image }) => ({ text: image.labelName })),
    ),
    fill: (side) => fill(pen, data, side),
  });

function caption({ run, epoch, layer, rule, target, among, rows, note }: ConceptAtlasData): string {
  const whose = target === 'label' ? 'labels' : 'predicted classes';
  return [
    note,
    `The ${rows.length} channels of layer ${layer} with most relevance for the ${whose} of ${among} test images of ${run.dataset} under ${describeRun(run, epoch)}.`,
    'A row is a channel, with its number and its share of all channels’ mean relevance without signs: the test images in which it has most relevance, their labels below, and beside each the relevance that passes through the channel, divided by its largest absolute value; white is zero.',
    `Layer-wise relevance propagation by the rule ${rule}; ${explainers.crp.source}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** Channels by relevance, each with the images that maximise it and where it lies in them. */
export const figure: Figure<ConceptAtlasSpec, ConceptAtlasData> = {
  gather,
  draw,
  caption,
  tabulate: ({ run, rows }) =>
    tabulateExplained(
      rows.flatMap(({ images }) => images),
      run.id,
    ),
};
