import { describeRun, minus, shortNames, type Figure, type RunLabel } from '../figure.ts';
import {
  describeLabels,
  describeMaps,
  describeZeroMaps,
  listNames,
  mapDefinition,
  predictionRule,
  wordAlike,
} from '../maps/mapCaptions.ts';
import { drawMapGrid } from '../maps/mapGrid.ts';
import type { GridCell, GridContent } from '../maps/mapGridLayout.ts';
import { camBar, differenceBar, type ShownImage, type ShownMap } from '../maps/maps.ts';
import { tabulateMaps } from '../maps/mapTable.ts';
import type { Pen } from '../drawing/pen.ts';
import { gather } from './gather.ts';
import type { ParadigmGridSpec } from './spec.ts';

export interface ParadigmGridData {
  /** The compared runs; the difference is second minus first. */
  first: RunLabel;
  second: RunLabel;
  rows: { image: ShownImage; first: ShownMap; second: ShownMap }[];
  /** Said at the beginning of the caption: why these images. */
  note: string;
}

const listImages = ({ rows }: ParadigmGridData): ShownImage[] => rows.map(({ image }) => image);
const listMaps = ({ rows }: ParadigmGridData): ShownMap[] =>
  rows.flatMap(({ first, second }) => [first, second]);

function fill(pen: Pen, data: ParadigmGridData, room: number): GridContent {
  const [first, second] = shortNames(data.first, data.second);
  const maps = ['Input', first, second, `${second} ${minus} ${first}`];
  const withKind = ['Input', `CAM, ${first}`, `CAM, ${second}`, ...maps.slice(3)];
  const labels = describeLabels(pen, listImages(data), room);
  const linesOf = describeMaps(pen, listMaps(data), room);
  const cell = (map: ShownMap): GridCell => ({
    picture: { kind: 'cam', map },
    lines: linesOf(map),
  });
  return {
    columnTitles: wordAlike(pen, [withKind, maps], room),
    rowTitles: [],
    cells: data.rows.map(({ image, ...maps }, row) => [
      { picture: { kind: 'image', image }, lines: [{ text: labels[row] ?? '' }] },
      cell(maps.first),
      cell(maps.second),
      { picture: { kind: 'difference', minuend: maps.second, subtrahend: maps.first }, lines: [] },
    ]),
  };
}

const draw = (pen: Pen, data: ParadigmGridData): number => {
  const [first, second] = shortNames(data.first, data.second);
  return drawMapGrid(pen, {
    rows: data.rows.length,
    columns: 4,
    abreast: 1,
    hasRowTitles: false,
    isLettered: data.rows.length > 1,
    what: 'images, each with two maps and their difference,',
    bars: [camBar, differenceBar(second, first)],
    names: listNames(listImages(data), listMaps(data)),
    fill: (side) => fill(pen, data, side),
  });
};

/** Input, map under either run, and their difference, one row per image. */
export const figure: Figure<ParadigmGridSpec, ParadigmGridData> = {
  gather,
  draw,
  caption: (data) => {
    const [first, second] = shortNames(data.first, data.second);
    const [row] = data.rows;
    const described = `${first}, ${describeRun(data.first, row?.first.epoch)}, and ${second}, ${describeRun(data.second, row?.second.epoch)}`;
    const images = data.rows.map(({ image }) => image.exampleId).join(', ');
    const start = data.note === '' ? '' : `${data.note} `;
    const [subject, their] =
      data.rows.length === 1 ? [`Test image ${images}`, 'its'] : [`Test images ${images}`, 'their'];
    return `${start}${subject} of ${data.first.dataset}, ${their} class activation maps under ${described}, and the difference ${second} ${minus} ${first} of the two maps. ${predictionRule} ${mapDefinition}${describeZeroMaps(listMaps(data))}`;
  },
  tabulate: ({ first, second, rows }) =>
    tabulateMaps(
      rows.flatMap(({ image, ...maps }) => [
        { run: '', image, map: null },
        { run: first.id, image, map: maps.first },
        { run: second.id, image, map: maps.second },
      ]),
    ),
};
