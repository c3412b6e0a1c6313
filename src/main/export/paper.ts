import { join, resolve } from 'node:path';
import type { VenueName } from '../../core/figures/style.ts';
import type { Run } from '../../core/records.ts';
import { buildFigure } from './figureBuild.ts';
import { writeBuiltFigure, writeOutput, type FigureMaker } from './figureFiles.ts';
import { planFigures, type PaperOptions, type PlannedFigure } from './paperFigures.ts';
import { findPair } from './paperRuns.ts';
import { buildPaperTex, type PaperFigure } from './paperTex.ts';
import { buildCostTable, buildPerformanceTable } from './tables.ts';
import { formatTable } from './tableFormats.ts';
import { findPlace } from './tablePlacement.ts';

export interface WrittenPaper {
  files: string[];
  /** Which of the paper's figures are missing and why; null: none. */
  leftOut: string | null;
}

/** Draws all figures before it writes the first, so that one that cannot be drawn leaves no half. */
async function writeFigures(
  planned: readonly PlannedFigure[],
  folder: string,
  maker: FigureMaker,
): Promise<{ figures: PaperFigure[]; files: string[] }> {
  const figures: PaperFigure[] = [];
  const files: string[] = [];
  const built = await Promise.all(planned.map(({ spec }) => buildFigure(spec, maker.source)));
  for (const [i, figure] of built.entries()) {
    const numbers = planned[i]?.numbers ?? [];
    const stem = `figure-${numbers.join('-')}`;
    const paths = ['svg', 'pdf', 'png'].map((format) => join(folder, `${stem}.${format}`));
    files.push(...(await writeBuiltFigure(figure, paths, maker.version)));
    figures.push({ numbers, file: `${stem}.pdf`, label: `fig:${stem}`, caption: figure.caption });
  }
  return { figures, files };
}

async function writeTables(
  pair: readonly Run[],
  folder: string,
  maker: FigureMaker,
  venue: VenueName,
): Promise<string[]> {
  const shapes = pair.map(({ id }) => {
    const { imageSize, classNames } = maker.source.getDataset(id);
    return { imageSize, classes: classNames.length };
  });
  const tables = [buildPerformanceTable(pair), buildCostTable(pair, shapes)];
  const files: string[] = [];
  for (const [i, table] of tables.entries()) {
    const asked = { layout: 'auto', venue } as const;
    // Names may be too long for any column: figures.tex makes such a table smaller.
    const placement = findPlace(table, asked) === null ? { ...asked, venue: null } : asked;
    for (const format of ['tex', 'md', 'csv'] as const) {
      const path = join(folder, `table-${i + 1}.${format}`);
      await writeOutput(path, formatTable(table, format, placement));
      files.push(path);
    }
  }
  return files;
}

/**
 * Writes the paper's figures and two tables from a run under C and one under R, and a figures.tex
 * that shows them all.
 */
export async function writePaper(
  options: PaperOptions,
  out: string,
  maker: FigureMaker,
): Promise<WrittenPaper> {
  const folder = resolve(out);
  const pair = findPair(options.runs, '--runs', options.epoch, maker.source);
  const planned = planFigures(pair, options, maker.source);
  const { figures, files } = await writeFigures(planned, folder, maker);
  files.push(...(await writeTables([pair.runs.C, pair.runs.R], folder, maker, options.venue)));
  const leftOut =
    options.fashionRuns === null
      ? 'Figures 5 and 6 are left out: they show an image of a second data set, of which no runs were given.'
      : null;
  const tex = join(folder, 'figures.tex');
  await writeOutput(tex, buildPaperTex(figures, ['table-1.tex', 'table-2.tex'], leftOut));
  return { files: [...files, tex], leftOut };
}
