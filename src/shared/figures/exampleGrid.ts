import { describeRun, type DataTable, type RunLabel } from './figure.ts';
import { drawMapGrid, type GridCell } from './mapGrid.ts';
import { formatConfidence, mapDefinition } from './mapCaptions.ts';
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

function toCells(
  pen: Pen,
  { image, map }: ExampleGridData['examples'][number],
  room: number,
): GridCell[] {
  const label = { text: pen.fit(`label ${image.labelName}`, room) };
  const text = pen.fit(`${map.predictedName}  ${formatConfidence(map.confidence)}`, room);
  return [
    { picture: { kind: 'image', image }, lines: [label] },
    { picture: { kind: 'cam', map }, lines: [{ text, bold: !map.correct }] },
  ];
}

function draw(pen: Pen, { examples, perRow }: ExampleGridData): number {
  const columns = Math.min(perRow, examples.length) * 2;
  const room = pen.style.widthPt / columns - 5;
  const flat = examples.flatMap((example) => toCells(pen, example, room));
  const rows = Math.ceil(flat.length / columns);
  return drawMapGrid(pen, {
    columnTitles: [],
    rowTitles: [],
    cells: Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, column) => flat[row * columns + column] ?? null),
    ),
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
  return `${choice} under ${describeRun(run)} on ${run.dataset} after epoch ${examples[0]?.map.epoch ?? 0}, each with the class activation map of the predicted class (test images ${images}). Under each: label; predicted class and confidence, in bold where wrong. ${mapDefinition}`;
};

export const tabulateExampleGrid = ({ run, examples }: ExampleGridData): DataTable =>
  tabulateMaps(
    examples.flatMap(({ image, map }) => [
      { run: run.id, image, map: null },
      { run: run.id, image, map },
    ]),
  );
