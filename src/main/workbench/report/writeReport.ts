import { join, resolve } from 'node:path';
import { encodeFigure } from '../../export/figureBuild.ts';
import { creatorOf } from '../../export/figureRecord.ts';
import { writeBuiltFigure, writeOutput } from '../../export/figureFiles.ts';
import { writeReportHtml } from '../../export/report/reportHtml.ts';
import { writeReportTex } from '../../export/report/reportTex.ts';
import { formatTable } from '../../export/tableFormats.ts';
import type { Report as Tell } from '../../platform/threads.ts';
import { gatherReport, type ReportParts, type ReportRequest } from './gatherReport.ts';

/**
 * Writes a report into a folder: report.tex with its figures and tables, report.html, which stands by
 * itself, study.json, from which the runs are trained again, runs.csv, and epochs.csv with every metric of
 * every epoch.
 *
 * @returns every file written
 */
export async function writeReport(
  parts: ReportParts,
  request: ReportRequest,
  out: string,
  tell: Tell,
): Promise<string[]> {
  const folder = resolve(out);
  const { report, study, runs, epochs } = await gatherReport(parts, request, tell);
  const { version } = parts.maker;
  const files: string[] = [];
  const write = async (name: string, content: string): Promise<void> => {
    const path = join(folder, name);
    await writeOutput(path, content);
    files.push(path);
  };
  const drawings = new Map<string, Uint8Array>();
  for (const [done, block] of report.blocks.entries()) {
    tell({ step: 'Writing the report', done, total: report.blocks.length });
    if (block.kind === 'table') {
      const { table, stem, layout } = block;
      await write(`tables/${stem}.tex`, formatTable(table, 'tex', { layout, venue: null }));
      await write(`tables/${stem}.csv`, formatTable(table, 'csv'));
    }
    if (block.kind === 'figure') {
      const { figure, stem } = block;
      const paths = ['svg', 'pdf'].map((format) => join(folder, 'figures', `${stem}.${format}`));
      files.push(...(await writeBuiltFigure(figure, paths, version)));
      drawings.set(stem, await encodeFigure(figure, 'svg', creatorOf(version)));
    }
  }
  await write('report.tex', writeReportTex(report));
  await write('report.html', writeReportHtml(report, drawings));
  await write('runs.csv', formatTable(runs, 'csv'));
  await write('epochs.csv', formatTable(epochs, 'csv'));
  await write('study.json', `${JSON.stringify(study, null, 2)}\n`);
  return files;
}
