import type { Command } from 'commander';
import type { TableFormat } from '../../../core/statistics/comparison.ts';
import { AfterimageError } from '../../../core/errors.ts';
import type { StudyDetail } from '../../../core/studies/progress.ts';
import { describeCounts } from '../../../core/studies/states.ts';
import type { Estimate } from '../../../shared/estimate.ts';
import { formatTable } from '../../export/tableFormats.ts';
import { formatDuration } from '../output.ts';
import { withSession, type Session } from '../session.ts';
import { addListFormat, formatList, listFormat } from '../tableOptions.ts';
import { describeRemote, findRemote } from './cluster.ts';
import { describeFactors, describeSeeds, tabulateCells, tabulateStudies } from './studyTable.ts';

/** A study by its name or id, with what became of its plan. */
export const findStudy = ({ workbench }: Session, nameOrId: string): Promise<StudyDetail> =>
  workbench.api.studies.get({ studyId: workbench.history.studies.resolve(nameOrId).id }, {});

async function list(session: Session, format: TableFormat): Promise<void> {
  const studies = await session.workbench.api.studies.list({}, {});
  if (session.json) session.output.json({ studies });
  else if (studies.length > 0 || format !== 'text') {
    session.output.text(formatList(tabulateStudies(studies), session.output, format));
  } else session.output.text('No study yet; “study create” makes one.');
}

/** A study in words: what is asked, of what, and how far it is. */
export function describe(session: Session, detail: StudyDetail): string {
  const { study, state, counts, others, id } = detail;
  return [
    `${study.name} (${id}), ${state}: ${describeCounts(counts)}`,
    ...(study.question === '' ? [] : ['', study.question, '']),
    `from ${study.bases.map(({ name }) => name).join(', ')}`,
    ...describeFactors(study),
    `seeds: ${describeSeeds(study)}`,
    ...(others.length === 0 ? [] : [`${others.length} more runs, which it does not ask for`]),
    '',
    formatList(tabulateCells(session, detail), session.output),
  ].join('\n');
}

async function show(session: Session, name: string, format: TableFormat): Promise<void> {
  const detail = await findStudy(session, name);
  if (session.json) session.output.json(detail);
  else if (format === 'csv')
    session.output.text(formatTable(tabulateCells(session, detail), 'csv'));
  else session.output.text(describe(session, detail));
}

/** What an estimate of a study is, or why there is none. */
export async function estimateStudy(
  { workbench }: Session,
  studyId: string,
): Promise<Estimate | { problem: string } | null> {
  try {
    return await workbench.api.studies.estimate({ studyId, engine: null }, {});
  } catch (error) {
    if (!(error instanceof AfterimageError)) throw error;
    return { problem: error.message };
  }
}

export function describeEstimate(estimate: Awaited<ReturnType<typeof estimateStudy>>): string {
  if (estimate === null) return 'Nothing is left to train.';
  if ('problem' in estimate) return `How long it takes cannot be told: ${estimate.problem}`;
  return `About ${formatDuration(estimate.durationMs)} are left. ${estimate.basis}`;
}

async function status(session: Session, name: string): Promise<void> {
  const detail = await findStudy(session, name);
  const { runs } = session.workbench.history;
  const running = detail.cells.flatMap(({ label, state, run }) => {
    if (state !== 'running' || run === null) return [];
    const { last, config } = runs.getSummary(run.id);
    return [{ label, runId: run.id, epoch: last?.epoch ?? null, epochs: config.training.epochs }];
  });
  const failed = detail.cells.flatMap(({ label, state, run }) =>
    state === 'failed' && run !== null
      ? [{ label, runId: run.id, error: runs.getSummary(run.id).error }]
      : [],
  );
  const estimate = await estimateStudy(session, detail.id);
  const remote = await findRemote(session, detail.id);
  const { id, name: called, state, counts, planned } = detail;
  if (session.json) {
    session.output.json({
      id,
      name: called,
      state,
      counts,
      planned,
      running,
      failed,
      remote,
      estimate,
    });
    return;
  }
  session.output.text(
    [
      `${called}, ${state}: ${describeCounts(counts)} of ${planned}`,
      ...running.map((one) => `${one.label}: epoch ${one.epoch ?? 'none yet'} of ${one.epochs}`),
      ...failed.map(
        (one) => `${one.label} failed: ${one.error?.message ?? 'for an unknown reason.'}`,
      ),
      describeEstimate(estimate),
      ...describeRemote(remote, session),
    ].join('\n'),
  );
}

/** `study list`, `study show` and `study status`. */
export function addListing(parent: Command): void {
  addListFormat(parent.command('list').description('newest first')).action(
    async (_: unknown, command: Command) => {
      const format = listFormat(command);
      await withSession(command, (session) => list(session, format));
    },
  );
  const showing = parent
    .command('show')
    .description('what a study asks, and what became of each planned run')
    .argument('<study>', 'name or id');
  addListFormat(showing).action(async (name: string, _: unknown, command: Command) => {
    const format = listFormat(command);
    await withSession(command, (session) => show(session, name, format));
  });
  parent
    .command('status')
    .description('how many runs are in which state, and how long the rest will take')
    .argument('<study>', 'name or id')
    .action(async (name: string, _: unknown, command: Command) => {
      await withSession(command, (session) => status(session, name));
    });
}
