import type { Command } from 'commander';
import { boundedText, nameLength } from '../arguments.ts';
import { withSession, type Session } from '../session.ts';
import { readQuestion } from './create.ts';
import { findStudy } from './listing.ts';

async function remove(session: Session, name: string, runs: boolean): Promise<void> {
  const { id, study, cells, others } = await findStudy(session, name);
  await session.workbench.api.studies.delete({ studyId: id, runs }, {});
  const count = cells.filter(({ run }) => run !== null).length + others.length;
  const kept = runs ? 'now lie in the bin' : 'stay; --runs would have put them into the bin';
  if (session.json) session.output.json({ deleted: id, runs: count, inBin: runs });
  else
    session.output.text(
      `Study ${study.name} is deleted.${count === 0 ? '' : ` Its ${count} runs ${kept}.`}`,
    );
}

async function change(
  session: Session,
  name: string,
  changes: { name?: string; question?: string },
): Promise<void> {
  const { id } = await findStudy(session, name);
  const { study } = await session.workbench.api.studies.change({ studyId: id, ...changes }, {});
  if (session.json) session.output.json({ id, name: study.name, question: study.question });
  else session.output.text(`${study.name}${study.question === '' ? '' : `: ${study.question}`}`);
}

/** `study rename`, `study question` and `study delete`. */
export function addChanges(parent: Command): void {
  parent
    .command('rename')
    .description('give another name')
    .argument('<study>', 'name or id')
    .argument('<name>', '', boundedText(nameLength))
    .action(async (study: string, name: string, _: unknown, command: Command) => {
      await withSession(command, (session) => change(session, study, { name }));
    });
  parent
    .command('question')
    .description('ask otherwise (Markdown, or @FILE); an empty text removes the question')
    .argument('<study>', 'name or id')
    .argument('<text>')
    .action(async (study: string, text: string, _: unknown, command: Command) => {
      const question = await readQuestion(text);
      await withSession(command, (session) => change(session, study, { question }));
    });
  parent
    .command('delete')
    .description('remove a study; its runs stay unless --runs')
    .argument('<study>', 'name or id')
    .option('--runs', 'put its runs into the bin')
    .action(async (study: string, { runs = false }: { runs?: boolean }, command: Command) => {
      await withSession(command, (session) => remove(session, study, runs));
    });
}
