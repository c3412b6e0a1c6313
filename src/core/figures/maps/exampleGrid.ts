import { describeRun, type DataTable, type RunLabel } from '../figure.ts';
import {
  describeLabels,
  describeMaps,
  describeZeroMaps,
  listNames,
  mapDefinition,
  predictionRule,
} from './mapCaptions.ts';
import { drawMapGrid } from './mapGrid.ts';
import type { GridCell, GridContent } from './mapGridLayout.ts';
import { camBar, type ShownImage, type ShownMap } from './maps.ts';
import { tabulateMaps } from './mapTable.ts';
import type { Pen } from '../drawing/pen.ts';

/** Images of one run, each beside its map, in the order in which they were chosen. */
export interface ExampleGridData {
  run: RunLabel;
  /** Confidence below which a prediction counts as unsure. */
  threshold: number;
  /** Test images that the run evaluated. */
  evaluated: number;
  /** How many of them passed the same choice, shown or not. */
  found: number;
  examples: { image: ShownImage; map: ShownMap }[];
  /** Images side by side, at least; each takes two pictures. */
  perRow: number;
}

const listImages = ({ examples }: ExampleGridData): ShownImage[] =>
  examples.map(({ image }) => image);
const listMaps = ({ examples }: ExampleGridData): ShownMap[] => examples.map(({ map }) => map);

function fill(pen: Pen, data: ExampleGridData, room: number): GridContent {
  const { examples } = data;
  const labels = describeLabels(pen, listImages(data), room);
  const linesOf = describeMaps(pen, listMaps(data), room);
  const cells = examples.map(({ image, map }, i): GridCell[] => [
    { picture: { kind: 'image', image }, lines: [{ text: labels[i] ?? '' }] },
    { picture: { kind: 'cam', map }, lines: linesOf(map) },
  ]);
  return { columnTitles: [], rowTitles: [], cells };
}

export const drawExampleGrid = (pen: Pen, data: ExampleGridData): number =>
  drawMapGrid(pen, {
    rows: data.examples.length,
    columns: 2,
    abreast: Math.min(data.perRow, data.examples.length),
    hasRowTitles: false,
    isLettered: false,
    what: 'images, each with its map,',
    bars: [camBar],
    names: listNames(listImages(data), listMaps(data)),
    fill: (side) => fill(pen, data, side),
  });

/** @param choice what is shown of how many, such as `The 8 least confident of 30 right ...` */
export const describeExampleGrid = (data: ExampleGridData, choice: string): string => {
  const { run, examples, evaluated } = data;
  const images = examples.map(({ image }) => image.exampleId).join(', ');
  return `${choice} of ${describeRun(run, examples[0]?.map.epoch)} on ${evaluated} test images of ${run.dataset}, each beside the class activation map of the predicted class (test images ${images}). Under each image: its label. ${predictionRule} ${mapDefinition}${describeZeroMaps(listMaps(data))}`;
};

export const tabulateExampleGrid = ({ run, examples }: ExampleGridData): DataTable =>
  tabulateMaps(
    examples.flatMap(({ image, map }) => [
      { run: run.id, image, map: null },
      { run: run.id, image, map },
    ]),
  );
