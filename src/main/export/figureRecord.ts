import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AfterimageError } from '../../core/errors.ts';
import { figureVersion } from '../../core/figures/figureVersion.ts';
import { parseFigureSpec, type FigureSpec } from '../../core/figures/spec.ts';
import { computeSha256 } from '../platform/hashes.ts';
import type { BuiltFigure, FigureFormat } from './figureBuild.ts';

const recordFormat = 'afterimage-figure-1';

/** What must be known of a record to check it; the rest is for readers. */
const recordSchema = z.looseObject({
  format: z.literal(recordFormat),
  application: z.string(),
  /** As `figureChanges` counts; records from before it was counted have none. */
  figureVersion: z.number().int().min(1).default(1),
  specification: z.unknown(),
  runs: z.array(
    z.looseObject({
      id: z.string(),
      name: z.string(),
      datasetId: z.string().optional(),
      lastEpoch: z.number().nullable(),
    }),
  ),
  /** Not in records from before classes could be called otherwise. */
  datasets: z
    .array(z.looseObject({ id: z.string(), name: z.string(), classNames: z.array(z.string()) }))
    .default([]),
  dataHash: z.string(),
  drawingHash: z.string(),
  /** SHA-256 of files that were written with the record, by their ending. */
  files: z.record(z.string(), z.string()).default({}),
});
export type FigureRecord = z.infer<typeof recordSchema>;

/** How files name what made them. */
export const creatorOf = (version: string): string => `Afterimage ${version}`;

export const invalid = (message: string, remedy: string, cause?: unknown): AfterimageError =>
  new AfterimageError('INVALID_ARGUMENT', message, remedy, cause);

export const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** `F` of `F.figure.json`, or of `F.pdf`. */
export const stemOf = (path: string): string => path.replace(/(\.figure\.json|\.[^./\\]*)$/i, '');

/**
 * The text that stands beside a figure: what it is and what it was made from.
 *
 * @param files what is written with it, by the format
 */
export function encodeFigureRecord(
  figure: BuiltFigure,
  version: string,
  files: Partial<Record<FigureFormat, Uint8Array>> = {},
): string {
  const { specification, title, caption, runs, datasets, style, heightPt, csv, svg } = figure;
  const record = {
    format: recordFormat,
    application: version,
    figureVersion,
    title,
    caption,
    widthPt: style.widthPt,
    heightPt,
    runs,
    datasets,
    dataHash: computeSha256(csv),
    drawingHash: computeSha256(svg),
    files: Object.fromEntries(
      Object.entries(files).map(([format, bytes]) => [format, computeSha256(bytes)]),
    ),
    specification,
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw invalid(`${path} cannot be read: ${reasonOf(error)}.`, 'Choose another file.', error);
  });
  try {
    // Some editors begin a file with a mark of its encoding, which JSON has none of.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
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

/** Reads a record by its own path or by that of a figure beside it. */
export async function readFigureRecord(path: string): Promise<FigureRecord> {
  const own = /\.json$/i.test(path) ? path : `${stemOf(path)}.figure.json`;
  const parsed = recordSchema.safeParse(await readJson(own));
  if (parsed.success) return parsed.data;
  throw invalid(`${own} is not the record of a figure.`, 'Give the .figure.json beside a figure.');
}
