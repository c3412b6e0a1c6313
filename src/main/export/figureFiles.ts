import { dirname, extname, resolve } from 'node:path';
import type { FigureSpec } from '../../core/figures/spec.ts';
import { makeOutputFolder, saveOutput } from '../platform/files.ts';
import {
  buildFigure,
  encodeFigure,
  figureFormats,
  type BuiltFigure,
  type FigureFormat,
} from './figureBuild.ts';
import { creatorOf, encodeFigureRecord, invalid, stemOf } from './figureRecord.ts';
import type { FigureSource } from '../../core/figures/source.ts';

/** Where figures come from and which application makes them. */
export interface FigureMaker {
  source: FigureSource;
  version: string;
}

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

/** Writes a file of an export, and makes the folder that it goes to. */
export async function writeOutput(path: string, content: string | Uint8Array): Promise<void> {
  makeOutputFolder(dirname(path));
  await saveOutput(path, content);
}

/** Every file that a figure is written to, given those that were asked for: record and data beside. */
export function listFigureFiles(paths: readonly string[]): string[] {
  const stems = [...new Set(paths.map(stemOf))];
  return [...paths, ...stems.flatMap((stem) => [`${stem}.figure.json`, `${stem}.csv`])];
}

/**
 * Writes a figure in every format asked for, all of one stem, with its record and data beside.
 *
 * @returns every file written
 */
export async function writeBuiltFigure(
  figure: BuiltFigure,
  paths: readonly string[],
  version: string,
): Promise<string[]> {
  const files: string[] = [];
  const write = async (path: string, content: string | Uint8Array): Promise<void> => {
    await writeOutput(path, content);
    files.push(path);
  };
  const written: Record<string, Partial<Record<FigureFormat, Uint8Array>>> = {};
  for (const path of paths) {
    const format = formatOf(path);
    const bytes = await encodeFigure(figure, format, creatorOf(version));
    await write(path, bytes);
    (written[stemOf(path)] ??= {})[format] = bytes;
  }
  for (const [stem, beside] of Object.entries(written)) {
    await write(`${stem}.figure.json`, encodeFigureRecord(figure, version, beside));
    await write(`${stem}.csv`, figure.csv);
  }
  return files;
}

/** Draws the figure and writes it; a path of no known format is refused before. */
export async function writeFigure(
  spec: FigureSpec,
  paths: readonly string[],
  maker: FigureMaker,
): Promise<{ figure: BuiltFigure; files: string[] }> {
  const outputs = paths.map((path) => resolve(path));
  outputs.forEach(formatOf);
  const figure = await buildFigure(spec, maker.source);
  return { figure, files: await writeBuiltFigure(figure, outputs, maker.version) };
}
