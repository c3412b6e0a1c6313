import { describeRun, type DataTable, type RunLabel } from './figure.ts';
import { drawMapGrid, type GridCell } from './mapGrid.ts';
import { describeMaps, labelOf, mapDefinition, predictionRule } from './mapCaptions.ts';
import { camBar, type ShownImage, type ShownMap } from './maps.ts';
import { tabulateMaps } from './mapTable.ts';
import { drawSheet, type FigureOptions, type Pen } from './pen.ts';

/** Images of one run, each beside its map, in the order in which they were chosen. */
export interface ExampleGridData {
  run: RunLabel;
  /** Confidence below which a prediction counts as unsure. */
  threshold: number;
  /** Images that passed the same choice, shown or not. */
  found: number;
  examples: { image: ShownImage; map: ShownMap }[];
  /** Images side by side; each takes two pictures. */
  perRow: number;
}

function draw(pen: Pen, { examples, perRow }: ExampleGridData): number {
  const columns = Math.min(perRow, examples.length) * 2;
  const room = pen.style.widthPt / columns - 7;
  const maps = examples.map(({ map }) => map);
  const linesOf = describeMaps(pen, maps, room);
  const cells = examples.flatMap(({ image, map }): GridCell[] => [
    { picture: { kind: 'image', image }, lines: [{ text: labelOf(pen, image, room) }] },
    { picture: { kind: 'cam', map }, lines: linesOf(map) },
  ]);
  return drawMapGrid(pen, {
    columnTitles: [],
    rowTitles: [],
    cells: Array.from({ length: Math.ceil(cells.length / columns) }, (_, row) =>
      Array.from({ length: columns }, (_, column) => cells[row * columns + column] ?? null),
    ),
    group: 2,
    bars: [camBar],
    letters: 'none',
  });
}

export const renderExampleGrid = (
  data: ExampleGridData,
  options: FigureOptions,
  document: Document,
): SVGElement => drawSheet(options, document, (pen) => draw(pen, data));

/** @param choice what is shown of how many, such as `The 8 least confident of 30 right ...` */
export const describeExampleGrid = ({ run, examples }: ExampleGridData, choice: string): string => {
  const images = examples.map(({ image }) => image.exampleId).join(', ');
  return `${choice} of ${describeRun(run, examples[0]?.map.epoch)} on ${run.dataset}, each beside the class activation map of the predicted class (test images ${images}). Under each image: its label. ${predictionRule} ${mapDefinition}`;
};

export const tabulateExampleGrid = ({ run, examples }: ExampleGridData): DataTable =>
  tabulateMaps(
    examples.flatMap(({ image, map }) => [
      { run: run.id, image, map: null },
      { run: run.id, image, map },
    ]),
  );
