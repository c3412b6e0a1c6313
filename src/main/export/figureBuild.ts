import { paradigmOf } from '../../core/config/objectives.ts';
import { shortenSingle } from '../../core/formats/decimalText.ts';
import type { Drawing } from '../../core/figures/drawing/shapes.ts';
import { writeSvg } from '../../core/figures/drawing/svg.ts';
import type { DataCell, DataTable } from '../../core/figures/figure.ts';
import { gatherFigure, type BoundFigure } from '../../core/figures/gather.ts';
import { defaultColumns, templateTitle, type FigureSpec } from '../../core/figures/spec.ts';
import { resolveStyle, type FigureStyle } from '../../core/figures/style.ts';
import type { EngineInfo } from '../../core/records.ts';
import { toCsv } from './csv.ts';
import { listRunNames, pinRuns } from '../../core/figures/runs.ts';
import type { FigureSource } from '../../core/figures/source.ts';
import { drawClasses, watchDatasets } from './drawableClasses.ts';
import { writeEmbeddedSvg, writePlainSvg } from './embeddedFonts.ts';
import { createMeasure, loadFonts, type Fonts } from './fonts.ts';
import { renderPdf } from './pdf.ts';
import { renderPng } from './png.ts';
import { outlineOtherText } from './textOutlines.ts';

export const figureFormats = ['svg', 'pdf', 'png'] as const;
export type FigureFormat = (typeof figureFormats)[number];

export interface FigureRun {
  id: string;
  name: string;
  paradigm: string;
  seed: number;
  dataset: string;
  /** SHA-256 of the data set's content. */
  datasetId: string;
  engine: EngineInfo | null;
  createdAt: string;
  /** Last stored epoch; null before the first. */
  lastEpoch: number | null;
}

/** What the classes of a data set were called when they were drawn. */
export interface FigureDataset {
  /** SHA-256 of its content. */
  id: string;
  name: string;
  classNames: string[];
}

/** A figure drawn once, to be written in any format. */
export interface BuiltFigure {
  /** With ids for the runs' names. */
  specification: FigureSpec;
  style: FigureStyle;
  title: string;
  caption: string;
  runs: FigureRun[];
  /** Those whose classes may be shown. */
  datasets: FigureDataset[];
  drawing: Drawing;
  /** That have all of the drawing's text. */
  fonts: Fonts;
  /** Without fonts inside. */
  svg: string;
  /** The data, CSV. */
  csv: string;
  heightPt: number;
}

/** What was stored in single precision comes with the digits that it has there. */
const shorten = (cell: DataCell): DataCell =>
  typeof cell === 'number' ? shortenSingle(cell) : cell;

export const formatCsv = ({ columns, rows }: DataTable): string =>
  toCsv([columns, ...rows.map((row) => row.map(shorten))]);

function describeRuns(spec: FigureSpec, source: FigureSource): FigureRun[] {
  return listRunNames(spec).map((id) => {
    const { name, config, seed, engine, createdAt, epochs } = source.getRun(id);
    return {
      id,
      name,
      paradigm: paradigmOf(config),
      seed,
      dataset: config.data.dataset,
      datasetId: source.getDataset(id).id,
      engine,
      createdAt,
      lastEpoch: epochs.at(-1)?.epoch ?? null,
    };
  });
}

/** The title where the specification gives none: what is drawn, of which runs. */
function defaultTitle(spec: FigureSpec, runs: readonly FigureRun[]): string {
  return `${templateTitle(spec.template)}: ${runs.map(({ name }) => name).join(', ')}`;
}

/** All that may be written in a figure besides its own words, letter by letter. */
function listTexts(figure: BoundFigure, title: string, classNames: readonly string[]): string[] {
  const { columns, rows } = figure.table;
  const cells = rows.flat().filter((cell) => typeof cell === 'string');
  return [title, figure.caption, ...columns, ...cells, ...classNames];
}

function describeDatasets(runIds: Iterable<string>, source: FigureSource): FigureDataset[] {
  const datasets = new Map<string, FigureDataset>();
  for (const runId of runIds) {
    const { id, name, classNames } = source.getDataset(runId);
    datasets.set(id, { id, name, classNames });
  }
  return [...datasets.values()];
}

/** Gathers and draws a figure. The same specification and history give the same figure. */
export async function buildFigure(spec: FigureSpec, source: FigureSource): Promise<BuiltFigure> {
  const style = resolveStyle(spec.style, defaultColumns(spec.template));
  const specification = pinRuns(spec, source);
  const runs = describeRuns(specification, source);
  const title = spec.title ?? defaultTitle(spec, runs);
  // The data and the caption, which are text, have all names as they are.
  const { source: watched, asked } = watchDatasets(source);
  const figure = await gatherFigure(specification, watched);
  const datasets = describeDatasets(asked, source);
  const classNames = datasets.flatMap((dataset) => dataset.classNames);
  const fonts = await loadFonts(style.font, listTexts(figure, title, classNames));
  const { source: drawable, note } = drawClasses(source, asked, fonts);
  const drawn = note === '' ? figure : await gatherFigure(specification, drawable);
  const options = { style, title, heading: spec.title, measureText: createMeasure(fonts) };
  const drawing = drawn.draw(options);
  return {
    specification,
    style,
    title,
    caption: figure.caption + note,
    runs,
    datasets,
    drawing,
    fonts,
    svg: writePlainSvg(drawing, fonts),
    csv: formatCsv(figure.table),
    heightPt: drawing.heightPt,
  };
}

/** The file of a figure. @param creator the application and its version */
export async function encodeFigure(
  figure: BuiltFigure,
  format: FigureFormat,
  creator: string,
): Promise<Uint8Array> {
  const { style, title, drawing, fonts, svg, heightPt, runs } = figure;
  if (format === 'svg') {
    const text = style.embedFonts ? await writeEmbeddedSvg(drawing, fonts, 'all') : svg;
    return new TextEncoder().encode(text);
  }
  if (format === 'png') {
    return renderPng(writeSvg(outlineOtherText(drawing, fonts)), heightPt, style);
  }
  const metadata = {
    title,
    specification: JSON.stringify(figure.specification),
    creator,
    created: new Date(Math.max(...runs.map(({ createdAt }) => Date.parse(createdAt)))),
  };
  return renderPdf(drawing, metadata, fonts);
}
