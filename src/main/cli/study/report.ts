import type { Command } from 'commander';
import { openReportParts, requestOfStudy } from '../../workbench/report/reportParts.ts';
import { writeReport } from '../../workbench/report/writeReport.ts';
import { noteSteps } from '../datasetsCommand.ts';
import { withSession, type Session } from '../session.ts';

async function report(session: Session, name: string, out: string): Promise<void> {
  const { workbench, output, json } = session;
  const { history, library } = workbench;
  const { id } = history.studies.resolve(name);
  const request = requestOfStudy(history, id);
  const parts = openReportParts(history, library, workbench);
  const files = await writeReport(parts, request, out, noteSteps(output));
  const { missing } = request;
  if (json) output.json({ study: id, runs: request.runIds, missing, files });
  else output.text(files.join('\n'));
  if (missing.length > 0) output.note(`${missing.length} of its runs are not done, and not in it.`);
}

/** `study report` */
export function addReport(parent: Command): void {
  parent
    .command('report')
    .description('write what a study found as LaTeX that compiles and as one HTML file')
    .argument('<study>', 'name or id')
    .requiredOption('--out <folder>', 'for report.tex, report.html, their figures and tables')
    .addHelpText(
      'after',
      `
Question, setup, data, engines, mean ± SD over seeds with n, paired tests against the first
configuration, what they leave open, figures, and how to repeat it: study.json, from which "study create
--file" plans the same runs, runs.csv with the checksums of their weights, and epochs.csv with every
metric of every epoch. Compile it with pdflatex report.tex, twice.`,
    )
    .action(async (name: string, { out }: { out: string }, command: Command) => {
      await withSession(command, (session) => report(session, name, out));
    });
}
