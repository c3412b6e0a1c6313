import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { z } from 'zod';
import { AfterimageError } from '../../shared/errors.ts';
import { parseFigureSpec, type FigureSpec } from '../../shared/figures/spec.ts';
import {
  buildFigure,
  encodeFigure,
  figureFormats,
  hash,
  type BuiltFigure,
  type FigureFormat,
} from './figureBuild.ts';
import type { FigureSource } from './figureSource.ts';

const recordFormat = 'afterimage-figure-1';

/** What must be known of a record to check it; the rest is for readers. */
const recordSchema = z.looseObject({
  format: z.literal(recordFormat),
  application: z.string(),
  specification: z.unknown(),
  dataHash: z.string(),
  drawingHash: z.string(),
});
type FigureRecord = z.infer<typeof recordSchema>;

/** Where figures come from and which application makes them. */
export interface FigureMaker {
  source: FigureSource;
  version: string;
}

const creatorOf = ({ version }: FigureMaker): string => `Afterimage ${version}`;

const invalid = (message: string, remedy: string, cause?: unknown): AfterimageError =>
  new AfterimageError('INVALID_ARGUMENT', message, remedy, cause);

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The format that a file's name asks for. */
export function formatOf(path: string): FigureFormat {
  const ending = extname(path).slice(1).toLowerCase();
  const format = figureFormats.find((known) => known === ending);
  if (format !== undefined) return format;
  throw invalid(
    `${path} does not say which format is wanted.`,
    `Let it end in ${figureFormats.map((known) => `.${known}`).join(', ')}.`,
  );
}

export async function writeOutput(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (error) {
    throw invalid(`${path} cannot be written: ${reasonOf(error)}.`, 'Choose another place.', error);
  }
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw invalid(`${path} cannot be read: ${reasonOf(error)}.`, 'Choose another file.', error);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(`${path} is not JSON: ${reasonOf(error)}.`, 'Correct the file.', error);
  }
}

/** Reads a specification, or the one inside a figure's record. */
export async function readFigureSpec(path: string): Promise<FigureSpec> {
  const json = await readJson(path);
  const record = recordSchema.safeParse(json);
  return parseFigureSpec(record.success ? record.data.specification : json);
}

/** `F` of `F.figure.json`, or of `F.pdf`. */
const stemOf = (path: string): string => path.replace(/(\.figure\.json|\.[^./\\]*)$/i, '');

/** The text that stands beside a figure: what it is and what it was made from. */
function encodeRecord(figure: BuiltFigure, { version }: FigureMaker): string {
  const { specification, title, caption, runs, style, heightPt, csv, svg } = figure;
  const record = {
    format: recordFormat,
    application: version,
    title,
    caption,
    widthPt: style.widthPt,
    heightPt,
    runs,
    dataHash: hash(csv),
    drawingHash: hash(svg),
    specification,
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}

/**
 * Writes the figure in every format asked for, all of one stem, with its record and data beside.
 *
 * @returns every file written
 */
export async function writeFigure(
  spec: FigureSpec,
  paths: readonly string[],
  maker: FigureMaker,
): Promise<{ figure: BuiltFigure; files: string[] }> {
  const outputs = paths.map((path) => ({ path: resolve(path), format: formatOf(path) }));
  const figure = await buildFigure(spec, maker.source);
  const files: string[] = [];
  const write = async (path: string, content: string | Uint8Array): Promise<void> => {
    await writeOutput(path, content);
    files.push(path);
  };
  for (const { path, format } of outputs) {
    await write(path, await encodeFigure(figure, format, creatorOf(maker)));
  }
  for (const stem of new Set(outputs.map(({ path }) => stemOf(path)))) {
    await write(`${stem}.figure.json`, encodeRecord(figure, maker));
    await write(`${stem}.csv`, figure.csv);
  }
  return { figure, files };
}

export interface Verification {
  /** Whether the history yields the same data and drawing, and the files beside are these. */
  same: boolean;
  /** In words, one per difference. */
  differences: string[];
  /** Files beside the record that were compared. */
  checked: string[];
}

/** Compares the files beside a record with what the figure looks like today. */
async function compareFiles(
  stem: string,
  figure: BuiltFigure,
  maker: FigureMaker,
): Promise<Pick<Verification, 'checked' | 'differences'>> {
  const checked: string[] = [];
  const differences: string[] = [];
  for (const format of figureFormats) {
    const path = `${stem}.${format}`;
    const stored = await readFile(path).catch(() => null);
    if (stored === null) continue;
    checked.push(path);
    const today = await encodeFigure(figure, format, creatorOf(maker));
    if (hash(stored) !== hash(today)) {
      differences.push(`${path} is not the file that this specification gives today`);
    }
  }
  return { checked, differences };
}

/** Builds the figure of a record again and says whether the history still yields it. */
export async function verifyFigure(path: string, maker: FigureMaker): Promise<Verification> {
  const parsed = recordSchema.safeParse(await readJson(path));
  if (!parsed.success) {
    throw invalid(
      `${path} is not the record of a figure.`,
      'Give the .figure.json beside a figure.',
    );
  }
  const record: FigureRecord = parsed.data;
  const figure = await buildFigure(parseFigureSpec(record.specification), maker.source);
  const differences: string[] = [];
  const sameData = hash(figure.csv) === record.dataHash;
  if (!sameData) differences.push('the history yields other numbers than were drawn');
  else if (hash(figure.svg) !== record.drawingHash) {
    differences.push(
      `the numbers are the same but the drawing is not (made by version ${record.application}, now ${maker.version})`,
    );
  }
  const files = await compareFiles(stemOf(resolve(path)), figure, maker);
  differences.push(...files.differences);
  return { same: differences.length === 0, differences, checked: files.checked };
}
