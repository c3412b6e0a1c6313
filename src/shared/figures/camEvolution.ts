import { describeRun, joinWords, type Figure, type RunLabel } from './figure.ts';
import { drawMapGrid, type GridCell, type GridLine } from './mapGrid.ts';
import { formatConfidence, mapDefinition } from './mapCaptions.ts';
import { camBar, type ShownImage, type ShownMap } from './maps.ts';
import { tabulateMaps } from './mapTable.ts';
import { drawSheet, type Pen } from './pen.ts';

export interface EvolutionRow {
  run: RunLabel;
  image: ShownImage;
  /** One per epoch of the figure; null where the run has no such epoch. */
  maps: (ShownMap | null)[];
}

export interface CamEvolutionData {
  epochs: number[];
  rows: EvolutionRow[];
}

/** Prediction and confidence, on one line where that fits. */
function describeCell(pen: Pen, map: ShownMap, room: number): GridLine[] {
  const bold = !map.correct;
  const confidence = formatConfidence(map.confidence);
  const line = `${map.predictedName}  ${confidence}`;
  const weight = bold ? 'bold' : 'normal';
  if (pen.measure(line, pen.sizePt, weight) <= room) return [{ text: line, bold }];
  return [{ text: pen.fit(map.predictedName, room), bold }, { text: confidence }];
}

/** `label 5`, or the bare name where that does not fit. */
function describeLabel(pen: Pen, { labelName }: ShownImage, room: number): string {
  const long = `label ${labelName}`;
  return pen.measure(long) <= room ? long : pen.fit(labelName, room);
}

const isOnlyRun = (rows: readonly EvolutionRow[]): boolean =>
  new Set(rows.map(({ run }) => run.id)).size === 1;

function draw(pen: Pen, { epochs, rows }: CamEvolutionData): number {
  const room = (pen.style.widthPt - pen.linePt) / (epochs.length + 1) - 5;
  const cells = rows.map(({ image, maps }): (GridCell | null)[] => [
    { picture: { kind: 'image', image }, lines: [{ text: describeLabel(pen, image, room) }] },
    ...maps.map(
      (map) =>
        map && { picture: { kind: 'cam', map } as const, lines: describeCell(pen, map, room) },
    ),
  ]);
  const long = epochs.map((epoch) => `epoch ${epoch}`);
  const fits = long.every((title) => pen.measure(title) <= room);
  const titles = fits ? long : epochs.map((epoch, i) => (i === 0 ? `ep. ${epoch}` : String(epoch)));
  const exampleTitle = ({ image }: EvolutionRow): string => `image ${image.exampleId}`;
  return drawMapGrid(pen, {
    columnTitles: ['input', ...titles],
    rowTitles: rows.map((row) => (isOnlyRun(rows) ? exampleTitle(row) : row.run.name)),
    cells,
    bars: [camBar],
    letters: rows.length > 1 ? 'rows' : 'none',
  });
}

const describeRow = ({ run, image }: EvolutionRow): string =>
  `test image ${image.exampleId} of ${run.dataset} (label ${image.labelName}) under ${describeRun(run)}`;

/** A film strip: one row per run and image, one column per epoch. */
export const camEvolution: Figure<CamEvolutionData> = {
  render: (data, options, document) => drawSheet(options, document, (pen) => draw(pen, data)),
  caption: ({ epochs, rows }) => {
    const range = joinWords(epochs.map(String));
    return `Class activation maps from epoch to epoch (${range}; 0 is the untrained network): ${joinWords(rows.map(describeRow))}. Under each map: predicted class and confidence; in bold where the prediction is wrong. ${mapDefinition}`;
  },
  tabulate: ({ rows }) =>
    tabulateMaps(
      rows.flatMap(({ run, image, maps }) => [
        { run: run.id, image, map: null },
        ...maps.flatMap((map) => (map === null ? [] : [{ run: run.id, image, map }])),
      ]),
    ),
};
