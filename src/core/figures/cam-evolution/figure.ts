import { describeRun, joinWords, panelLetter, type Figure, type RunLabel } from '../figure.ts';
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
import { camBar, type ShownImage, type ShownMap } from '../maps/maps.ts';
import { tabulateMaps } from '../maps/mapTable.ts';
import type { Pen } from '../drawing/pen.ts';
import { gather } from './gather.ts';
import type { CamEvolutionSpec } from './spec.ts';

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

/** `Epoch 0`, `Epoch 1`, ..., or the bare numbers where that does not fit. */
function nameEpochs(pen: Pen, epochs: readonly number[], room: number): string[] {
  const bare = epochs.map((epoch, i) => (i === 0 ? `Ep. ${epoch}` : String(epoch)));
  return wordAlike(pen, [epochs.map((epoch) => `Epoch ${epoch}`), bare], room);
}

const listImages = ({ rows }: CamEvolutionData): ShownImage[] => rows.map(({ image }) => image);
const listMaps = ({ maps }: EvolutionRow): ShownMap[] => maps.filter((map) => map !== null);

const areSame = (values: readonly (string | number)[]): boolean => new Set(values).size === 1;

/**
 * What tells the rows apart: the image where the run is one and the same, else the run, by its name
 * if all names fit, else by paradigm and seed (the caption gives the names).
 */
function nameRows(pen: Pen, rows: readonly EvolutionRow[], room: number): string[] {
  if (areSame(rows.map(({ run }) => run.id))) {
    return rows.length === 1 ? [] : rows.map(({ image }) => `image ${image.exampleId}`);
  }
  const names = rows.map(({ run }) => run.name);
  if (names.every((name) => pen.measure(name) <= room)) return names;
  const isOneSeed = areSame(rows.map(({ run }) => run.seed));
  return rows.map(({ run }) => (isOneSeed ? run.paradigm : `${run.paradigm}, ${run.seed}`));
}

function fill(pen: Pen, data: CamEvolutionData, room: number): GridContent {
  const { epochs, rows } = data;
  const titles = nameEpochs(pen, epochs, room);
  const isStrip = rows.length === 1;
  const labels = describeLabels(pen, listImages(data), room);
  const linesOf = describeMaps(pen, rows.flatMap(listMaps), room);
  const cells = rows.map(({ image, maps }, row): (GridCell | null)[] => [
    { picture: { kind: 'image', image }, lines: [{ text: labels[row] ?? '' }] },
    ...maps.map(
      (map, i): GridCell | null =>
        map && {
          picture: { kind: 'cam', map },
          lines: [...(isStrip ? [{ text: titles[i] ?? '' }] : []), ...linesOf(map)],
        },
    ),
  ]);
  return {
    columnTitles: isStrip ? [] : ['Input', ...titles],
    rowTitles: nameRows(pen, rows, room - pen.linePt),
    cells,
  };
}

const draw = (pen: Pen, data: CamEvolutionData): number =>
  drawMapGrid(pen, {
    rows: data.rows.length,
    columns: data.epochs.length + 1,
    abreast: 1,
    hasRowTitles: data.rows.length > 1,
    isLettered: data.rows.length > 1,
    what: 'rows of maps',
    bars: [camBar],
    names: listNames(listImages(data), data.rows.flatMap(listMaps)),
    fill: (side) => fill(pen, data, side),
  });

const describeRow = ({ run, image }: EvolutionRow): string =>
  `test image ${image.exampleId} of ${run.dataset} (label ${image.labelName}) under ${describeRun(run)}`;

/** A film strip: one row per run and image, one column per epoch. */
export const figure: Figure<CamEvolutionSpec, CamEvolutionData> = {
  gather,
  draw,
  caption: ({ epochs, rows }) => {
    const range = joinWords(epochs.map(String));
    const described = rows.map((row, i) => {
      const letter = rows.length > 1 ? `(${panelLetter(i)}) ` : '';
      return `${letter}${describeRow(row)}`;
    });
    return `Class activation maps from epoch to epoch (${range}; 0 is the untrained network): ${joinWords(described)}. ${predictionRule} ${mapDefinition}${describeZeroMaps(rows.flatMap(listMaps))}`;
  },
  tabulate: ({ rows }) =>
    tabulateMaps(
      rows.flatMap(({ run, image, maps }) => [
        { run: run.id, image, map: null },
        ...maps.flatMap((map) => (map === null ? [] : [{ run: run.id, image, map }])),
      ]),
    ),
};
