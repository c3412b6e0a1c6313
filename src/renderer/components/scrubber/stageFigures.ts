import { computed } from 'vue';
import type { Ref } from 'vue';
import { formatDecimal, formatNumber } from '../../composables/format.ts';
import type { QueryCodec } from '../../composables/useQueryParam.ts';
import type { UserError } from '../../composables/userError.ts';
import { mapsFor } from '../../examples/exampleHistory.ts';
import { colorTable, divergingTable } from '../../maps/colorMaps.ts';
import type { ColorTable } from '../../maps/colorMaps.ts';
import { paintDifference, paintImage, paintMap, paintOverlay } from '../../maps/paint.ts';
import { readCells, stretch } from '../../maps/storedMaps.ts';
import type { PixelMode } from '../maps/mapParams.ts';
import { differenceSides, largestScale, shownMap } from './useScrubber.ts';
import type { ExplainedMaps } from './useExplained.ts';
import type { Scrubber, ScrubberSide } from './useScrubber.ts';

/** Which figures of each run are shown. */
export const figureChoices = ['maps', 'overlays', 'both'] as const;
export type FigureChoice = (typeof figureChoices)[number];

/** In the URL: whether one scale holds for all maps. */
export const sharedParam: QueryCodec<boolean> = {
  parse: (text) => text === 'shared',
  format: (isShared) => (isShared ? 'shared' : null),
};

/** How the maps of an example are drawn. */
export interface StageLook {
  table: ColorTable;
  pixels: PixelMode;
  /** Of the map over the image, 0 to 1. */
  opacity: number;
  /** One scale for all epochs and runs, instead of each map's own maximum. */
  isShared: boolean;
  figures: FigureChoice;
}

/** One image of the stage: what a frame only paints anew. */
export interface StageFigure {
  key: string;
  /** Pixels a side. */
  size: number;
  smooth: boolean;
  paint: (pixels: Uint32Array) => void;
  /** What is at a pixel of the image, as it is read; nothing where nothing is. */
  valueAt: (x: number, y: number) => string;
  problem: UserError | null;
  /** Whether it is white where there is nothing, so that it needs a border. */
  isPale: boolean;
}

/** A figure with the column that it belongs to, 0 of the input, then of the runs, and its place in it. */
export interface PlacedFigure extends StageFigure {
  slot: number;
  level: number;
}

/** What is said of a figure at the present frame. */
export interface StageCaption {
  title: string;
  /** For those who cannot see the image. */
  description: string;
  bar: { table: ColorTable | null; low: string; high: string; scale: string };
}

/** What is to be seen of each run at the cursor, whoever asks. */
interface Source {
  scrubber: Scrubber;
  explained: () => ExplainedMaps | null;
  look: () => StageLook;
  /** What 1 is in every map; null where each goes to its own maximum. */
  unit: Readonly<Ref<number | null>>;
  size: () => number;
}

/** Shares of the scale, [size, size], from -1 or 0 to 1; none yet are zeros. */
function valuesOf({ scrubber, explained, look, unit, size }: Source, side: ScrubberSide) {
  const by = explained();
  if (by !== null) return by.mapOf(side)?.values ?? new Float32Array(size() ** 2);
  const drawn = { native: look().pixels === 'native', unit: unit.value };
  return side.drawnCams.read(side.history, scrubber.indexOf(side), scrubber.target.value, drawn);
}

/** Where the values lie in the table of their colours. */
function placesOf(source: Source, side: ScrubberSide): Float32Array {
  const by = source.explained();
  if (by === null) return valuesOf(source, side);
  return by.mapOf(side)?.places ?? new Float32Array(source.size() ** 2).fill(by.signed ? 0.5 : 0);
}

const tableOf = ({ explained, look }: Source): ColorTable => explained()?.table ?? look().table;

function inputFigure(source: Source, { history }: ScrubberSide): StageFigure {
  const { image, channels, imageSize } = history;
  return {
    key: 'input',
    size: imageSize,
    smooth: source.look().pixels === 'smooth',
    paint: (pixels) => {
      if (image !== null) paintImage(image, pixels);
    },
    valueAt: (x, y) => {
      if (image === null) return '';
      const first = (y * imageSize + x) * channels;
      return Array.from({ length: channels }, (_, i) =>
        formatDecimal((image[first + i] ?? 0) / 255, 2),
      ).join(' ');
    },
    problem: history.imageProblem,
    isPale: false,
  };
}

/** The map in its native cells, as many as the layer gave. */
function paintCells({ scrubber, unit, look }: Source, side: ScrubberSide, pixels: Uint32Array) {
  const index = scrubber.indexOf(side);
  const maps = mapsFor(side.history, index, scrubber.target.value);
  const cells = readCells(maps, index, maps.mapSize, new Float32Array(pixels.length));
  paintMap(stretch(cells, maps.scales[index] ?? 0, unit.value), look().table, pixels);
}

function mapFigure(source: Source, side: ScrubberSide): StageFigure {
  const { runId, imageSize, predictedMaps } = side.history;
  const { pixels: mode } = source.look();
  const inCells = mode === 'native' && source.explained() === null;
  return {
    key: `map ${runId}`,
    size: inCells ? predictedMaps.mapSize : imageSize,
    smooth: mode === 'smooth',
    paint: (pixels) => {
      if (inCells) paintCells(source, side, pixels);
      else paintMap(placesOf(source, side), tableOf(source), pixels);
    },
    valueAt: (x, y) => formatDecimal(valuesOf(source, side)[y * imageSize + x], 2),
    problem: null,
    isPale: false,
  };
}

function overlayFigure(source: Source, side: ScrubberSide): StageFigure {
  const { image, imageProblem, runId } = side.history;
  return {
    ...mapFigure(source, side),
    key: `overlay ${runId}`,
    size: side.history.imageSize,
    paint: (pixels) => {
      if (image === null) return;
      const strengths = source.explained()?.signed === true ? valuesOf(source, side) : null;
      const places = placesOf(source, side);
      paintOverlay(image, places, tableOf(source), source.look().opacity, pixels, strengths);
    },
    problem: imageProblem,
  };
}

function differenceFigure(
  source: Source,
  { minuend, subtrahend }: { minuend: ScrubberSide; subtrahend: ScrubberSide },
  key: string,
): StageFigure {
  const { imageSize } = minuend.history;
  return {
    key,
    size: imageSize,
    smooth: source.look().pixels === 'smooth',
    paint: (pixels) => {
      paintDifference(valuesOf(source, minuend), valuesOf(source, subtrahend), pixels);
    },
    valueAt: (x, y) => {
      const i = y * imageSize + x;
      const [a, b] = [valuesOf(source, minuend)[i] ?? 0, valuesOf(source, subtrahend)[i] ?? 0];
      return formatDecimal(a - b, 2);
    },
    problem: null,
    isPale: true,
  };
}

function describeScale(source: Source, scale: number | null): string {
  const by = source.explained();
  // Maps of a layer are divided by their maximum, whatever it was.
  if (scale === null || (scale !== 0 && by?.family === 'cam')) return '';
  if (by === null && source.unit.value !== null) {
    return `1 = ${formatNumber(source.unit.value, 3)}, shared`;
  }
  return scale === 0 ? 'all zero' : `1 = ${formatNumber(scale, 3)}`;
}

/** Whose map is shown: while another is on its way, still the one before. */
function factsOf(
  { scrubber, explained }: Source,
  side: ScrubberSide,
): { targetClass: number; epoch: number; scale: number | null } {
  const known = explained()?.mapOf(side);
  if (known) return known;
  const { explained: targetClass, scale } = shownMap(scrubber, side);
  const epoch = side.history.epochs[scrubber.indexOf(side)] ?? 0;
  // Of a map that is on its way the scale is not known.
  return { targetClass, epoch, scale: explained() === null ? scale : null };
}

function captionRun(source: Source, side: ScrubberSide): [string, StageCaption][] {
  const { scrubber, explained } = source;
  const { targetClass, epoch, scale } = factsOf(source, side);
  const several = scrubber.sides.value.length > 1;
  const who = several ? `${side.mark}: ` : '';
  const { runId, classNames } = side.history;
  const by = explained();
  const title = `${who}${by?.title ?? 'Map'} of ${classNames[targetClass] ?? String(targetClass)}`;
  const description = `${title}, epoch ${epoch}`;
  const bar = {
    ...{ table: tableOf(source), low: by?.signed === true ? '−1' : '0', high: '1' },
    scale: describeScale(source, scale),
  };
  return [
    [
      `map ${runId}`,
      {
        // Where the cursor is stands below; a run that stands elsewhere says so.
        title: several && epoch === scrubber.epoch.value ? title : description,
        description: `${description} of ${side.name}`,
        bar,
      },
    ],
    [
      `overlay ${runId}`,
      { title: `${who}Overlay`, description: `The map over the input, ${side.name}`, bar },
    ],
  ];
}

/** How far two maps are apart on average. */
function captionDifference(
  source: Source,
  {
    minuend,
    subtrahend,
    title,
  }: { minuend: ScrubberSide; subtrahend: ScrubberSide; title: string },
): StageCaption {
  const [a, b] = [valuesOf(source, minuend), valuesOf(source, subtrahend)];
  const total = a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0);
  return {
    title: `Difference ${title}`,
    description: `Difference of the maps, ${title}`,
    bar: {
      ...{ table: divergingTable, low: '−1', high: '1' },
      scale: `mean ${formatDecimal(total / Math.max(a.length, 1), 2)}`,
    },
  };
}

const grey = colorTable('grey');

function captionInput({ imageSize, channels }: ScrubberSide['history']): StageCaption {
  return {
    title: 'Input',
    description: 'The input image',
    bar: {
      ...{ table: channels === 3 ? null : grey, low: '0', high: '1' },
      scale: `${imageSize} × ${imageSize}${channels === 3 ? ', RGB' : ''}`,
    },
  };
}

/**
 * The images of an example: the input, and of each run its map, the map over the input, and how it differs
 * from the first run's. The figures stay the same while the runs and the look do; a frame repaints them.
 */
export function useStageFigures(
  scrubber: Scrubber,
  explained: () => ExplainedMaps | null,
  look: () => StageLook,
): {
  /** In the order of reading. @param inRows each run's difference before its figures */
  list: (inRows: boolean) => PlacedFigure[];
  captions: Readonly<Ref<ReadonlyMap<string, StageCaption>>>;
} {
  const { sides, target } = scrubber;
  const unit = computed(() => (look().isShared ? largestScale(sides.value, target.value) : null));
  const size = (): number => sides.value[0]?.history.imageSize ?? 0;
  const source: Source = { scrubber, explained, look, unit, size };
  const differences = computed(() =>
    sides.value.map((side) => {
      const pair = differenceSides([sides.value[0], side].filter((one) => one !== undefined));
      return pair === null || side === sides.value[0] ? null : pair;
    }),
  );

  function listRun(side: ScrubberSide): StageFigure[] {
    const { figures } = look();
    const map = figures === 'overlays' ? [] : [mapFigure(source, side)];
    return figures === 'maps' ? map : [...map, overlayFigure(source, side)];
  }
  const list = (inRows: boolean): PlacedFigure[] =>
    sides.value.flatMap((side, i) => {
      const pair = differences.value[i] ?? null;
      const key = `difference ${side.history.runId}`;
      const place = (figure: StageFigure, level: number): PlacedFigure => ({
        ...figure,
        slot: i + 1,
        level,
      });
      const own = listRun(side).map(place);
      const between = pair === null ? [] : [place(differenceFigure(source, pair, key), own.length)];
      const first = i === 0 ? [{ ...inputFigure(source, side), slot: 0, level: 0 }] : [];
      return inRows ? [...first, ...between, ...own] : [...first, ...own, ...between];
    });
  const captions = computed(
    () =>
      new Map<string, StageCaption>(
        sides.value.flatMap((side, i) => {
          const pair = differences.value[i] ?? null;
          const own = captionRun(source, side);
          if (i === 0) return [['input', captionInput(side.history)], ...own];
          if (pair === null) return own;
          return [[`difference ${side.history.runId}`, captionDifference(source, pair)], ...own];
        }),
      ),
  );
  return { list, captions };
}
