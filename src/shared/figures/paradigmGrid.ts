import { describeRun, type Figure, type RunLabel } from './figure.ts';
import { drawMapGrid, type GridCell } from './mapGrid.ts';
import { formatConfidence, mapDefinition } from './mapCaptions.ts';
import { camBar, differenceBar, type ShownImage, type ShownMap } from './maps.ts';
import { tabulateMaps } from './mapTable.ts';
import { drawSheet, type Pen } from './pen.ts';

export interface ParadigmGridData {
  /** The compared runs; the difference is second minus first. */
  first: RunLabel;
  second: RunLabel;
  rows: { image: ShownImage; first: ShownMap; second: ShownMap }[];
}

/** `C` and `R`, or the names of runs of one paradigm. */
function shortNames({ first, second }: ParadigmGridData): [string, string] {
  const differ = first.paradigm !== second.paradigm;
  return differ ? [first.paradigm, second.paradigm] : ['first', 'second'];
}

function draw(pen: Pen, data: ParadigmGridData): number {
  const [first, second] = shortNames(data);
  const side = (pen.style.widthPt - pen.linePt) / 4 - 5;
  const cell = (map: ShownMap): GridCell => ({
    picture: { kind: 'cam', map },
    lines: [
      {
        text: pen.fit(`${map.predictedName}  ${formatConfidence(map.confidence)}`, side),
        bold: !map.correct,
      },
    ],
  });
  return drawMapGrid(pen, {
    columnTitles: ['input', `CAM, ${first}`, `CAM, ${second}`, `${second} − ${first}`],
    rowTitles: [],
    cells: data.rows.map(({ image, ...maps }) => [
      { picture: { kind: 'image', image }, lines: [{ text: `label ${image.labelName}` }] },
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
    const [first, second] = shortNames(data);
    const epochs = `after epochs ${data.rows[0]?.first.epoch ?? 0} and ${data.rows[0]?.second.epoch ?? 0}`;
    const images = data.rows.map(({ image }) => image.exampleId).join(', ');
    return `Test images ${images} of ${data.first.dataset}, their class activation maps under ${first}, ${describeRun(data.first)}, and ${second}, ${describeRun(data.second)}, ${epochs}, and the difference of the two maps. Under each map: predicted class and confidence; in bold where the prediction is wrong. ${mapDefinition}`;
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
