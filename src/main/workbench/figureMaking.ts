import type { FigureFile } from '../../shared/figureCalls.ts';
import { AfterimageError } from '../../core/errors.ts';
import { writeEmbeddedSvg } from '../export/embeddedFonts.ts';
import {
  buildFigure,
  encodeFigure,
  figureFormats,
  type BuiltFigure,
  type FigureFormat,
} from '../export/figureBuild.ts';
import type { FigureMaker } from '../export/figureFiles.ts';
import { creatorOf, encodeFigureRecord } from '../export/figureRecord.ts';
import { zipFiles } from '../export/zip.ts';
import type { FigureJob, FigureResult } from './figureJobs.ts';

const encodeText = (text: string): Uint8Array => new TextEncoder().encode(text);

async function encodeFile(
  figure: BuiltFigure,
  file: FigureFile,
  stem: string,
  maker: FigureMaker,
): Promise<Uint8Array> {
  if (file === 'csv') return encodeText(figure.csv);
  if (file === 'json') return encodeText(encodeFigureRecord(figure, maker.version));
  if (file !== 'zip') return encodeFigure(figure, file, creatorOf(maker.version));
  const drawn: Partial<Record<FigureFormat, Uint8Array>> = {};
  for (const format of figureFormats) {
    drawn[format] = await encodeFigure(figure, format, creatorOf(maker.version));
  }
  const texts = {
    csv: encodeText(figure.csv),
    'figure.json': encodeText(encodeFigureRecord(figure, maker.version, drawn)),
  };
  const files: Record<string, Uint8Array> = {};
  for (const [ending, bytes] of Object.entries({ ...drawn, ...texts })) {
    files[`${stem}.${ending}`] = bytes;
  }
  return zipFiles(files);
}

async function make(job: FigureJob, maker: FigureMaker): Promise<FigureResult> {
  const figure = await buildFigure(job.specification, maker.source);
  if (job.kind === 'export') {
    const bytes = await encodeFile(figure, job.file, job.stem, maker);
    // A copy, because what is handed over may be a piece of a larger buffer.
    return { kind: 'exported', bytes: Uint8Array.from(bytes) };
  }
  const { title, caption, style, heightPt, drawing, fonts } = figure;
  // The window has the fonts alone that every figure has.
  const svg = await writeEmbeddedSvg(drawing, fonts, 'others');
  const specification = { ...figure.specification };
  return {
    kind: 'built',
    figure: { svg, title, caption, widthPt: style.widthPt, heightPt, specification },
  };
}

function toFigureError(error: unknown): AfterimageError {
  if (error instanceof AfterimageError) return error;
  console.error('A figure could not be made:', error);
  const reason = error instanceof Error ? error.message : String(error);
  return new AfterimageError(
    'INTERNAL',
    `The figure could not be made: ${reason}.`,
    'Try again; if it fails again, report the log.',
    error,
  );
}

/** Does a job; rejects with nothing but an AfterimageError. */
export async function doFigureJob(job: FigureJob, maker: FigureMaker): Promise<FigureResult> {
  try {
    return await make(job, maker);
  } catch (error) {
    throw toFigureError(error);
  }
}
