import type { Command } from 'commander';
import { engineNames, type EngineName } from '../../../core/records.ts';
import { oneOf, wholeNumber } from '../arguments.ts';
import { withSession, type Session } from '../session.ts';
import { trainAndReport } from '../trainAndReport.ts';
import {
  checkEngine,
  keepOption,
  noteEngine,
  threadsOption,
  type TrainerOptions,
} from '../trainCommand.ts';
import { describeEstimate, estimateStudy, findStudy } from './listing.ts';

interface TrainOptions extends TrainerOptions {
  engine?: EngineName;
  keepCheckpoint?: boolean;
}

type Startable = 'planned' | 'paused' | 'failed';

/** Trains what of a study is in one of these states, and follows it to its end. */
async function train(
  session: Session,
  name: string,
  states: Startable[],
  { engine = null, keepCheckpoint }: { engine?: EngineName | null; keepCheckpoint?: boolean },
): Promise<void> {
  const { api } = session.workbench;
  const { id: studyId } = await findStudy(session, name);
  await checkEngine(session, engine ?? undefined);
  if (engine === null) await noteEngine(session);
  if (!states.includes('failed'))
    session.output.note(describeEstimate(await estimateStudy(session, studyId)));
  const keepCheckpoints = keepCheckpoint;
  const { runIds } = await api.studies.start({ studyId, states, engine, keepCheckpoints }, {});
  if (runIds.length > 0) {
    await trainAndReport(runIds, session);
    return;
  }
  if (session.json) session.output.json({ runs: [] });
  else session.output.text(`Study ${name} has no run that is ${states.join(' or ')}.`);
}

const verbs: { name: string; description: string; states: Startable[] }[] = [
  {
    name: 'run',
    description: 'train what is missing of a study, and let go on what was paused or interrupted',
    states: ['planned', 'paused'],
  },
  {
    name: 'retry',
    description: 'let runs of a study that failed go on, from where they were or from the start',
    states: ['failed'],
  },
];

/** `study run` and `study retry`. */
export function addTraining(parent: Command): void {
  for (const { name, description, states } of verbs) {
    parent
      .command(name)
      .description(description)
      .argument('<study>', 'name or id')
      .option('--engine <name>', `of new runs: ${engineNames.join(' or ')}`, oneOf(engineNames))
      .option('--jobs <n>', 'runs side by side', wholeNumber(1, 64))
      .option(...threadsOption)
      .option(...keepOption)
      .action(async (study: string, options: TrainOptions, command: Command) => {
        await withSession(command, (session) => train(session, study, states, options), options);
      });
  }
}
