import { describeRun, minus, shortNames, type Figure, type RunLabel } from './figure.ts';
import { drawMapGrid, type GridCell } from './mapGrid.ts';
import { describeMaps, labelOf, mapDefinition, predictionRule } from './mapCaptions.ts';
import { camBar, differenceBar, type ShownImage, type ShownMap } from './maps.ts';
import { tabulateMaps } from './mapTable.ts';
import { drawSheet, type Pen } from './pen.ts';

export interface ParadigmGridData {
  /** The compared runs; the difference is second minus first. */
  first: RunLabel;
  second: RunLabel;
  rows: { image: ShownImage; first: ShownMap; second: ShownMap }[];
}

function draw(pen: Pen, data: ParadigmGridData): number {
  const [first, second] = shortNames(data.first, data.second);
  const room = (pen.style.widthPt - pen.linePt) / 4 - 5;
  const maps = data.rows.flatMap((row) => [row.first, row.second]);
  const linesOf = describeMaps(pen, maps, room);
  const cell = (map: ShownMap): GridCell => ({
    picture: { kind: 'cam', map },
    lines: linesOf(map),
  });
  return drawMapGrid(pen, {
    columnTitles: ['Input', `CAM, ${first}`, `CAM, ${second}`, `${second} − ${first}`],
    rowTitles: [],
    cells: data.rows.map(({ image, ...maps }) => [
      { picture: { kind: 'image', image }, lines: [{ text: labelOf(pen, image, room) }] },
      cell(maps.first),
      cell(maps.second),
      { picture: { kind: 'difference', minuend: maps.second, subtrahend: maps.first }, lines: [] },
    ]),
    bars: [camBar, differenceBar(second, first)],
    letters: data.rows.length > 1 ? 'rows' : 'none',
  });
}

/** Input, map under either run, and their difference, one row per image. */
export const paradigmGrid: Figure<ParadigmGridData> = {
  render: (data, options, document) => drawSheet(options, document, (pen) => draw(pen, data)),
  caption: (data) => {
    const [first, second] = shortNames(data.first, data.second);
    const [row] = data.rows;
    const described = `${first}, ${describeRun(data.first, row?.first.epoch)}, and ${second}, ${describeRun(data.second, row?.second.epoch)}`;
    const images = data.rows.map(({ image }) => image.exampleId).join(', ');
    return `Test images ${images} of ${data.first.dataset}, their class activation maps under ${described}, and the difference ${second} ${minus} ${first} of the two maps. ${predictionRule} ${mapDefinition}`;
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
