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
import { addResourceOptions, retryRemote, type ResourceOptions } from './cluster.ts';
import { describeEstimate, estimateStudy, findStudy } from './listing.ts';

interface TrainOptions extends TrainerOptions, ResourceOptions {
  engine?: EngineName;
  keepCheckpoint?: boolean;
}

type Startable = 'planned' | 'waiting' | 'paused' | 'failed';

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

/** Those that failed on a cluster are tried again there, those that failed here, here. */
async function retry(session: Session, name: string, options: TrainOptions): Promise<void> {
  const resubmitted = await retryRemote(session, name, options);
  if (resubmitted.length === 0) {
    await train(session, name, ['failed'], options);
    return;
  }
  const { length } = resubmitted;
  if (session.json) session.output.json({ resubmitted });
  else
    session.output.text(`${length} ${length === 1 ? 'run' : 'runs'} handed to the cluster again.`);
  const { counts } = await findStudy(session, name);
  if (counts.failed > 0) {
    session.output.note(`${counts.failed} that failed here: “study retry” again lets them go on.`);
  }
}

const addTrainOptions = (command: Command): Command =>
  command
    .argument('<study>', 'name or id')
    .option('--engine <name>', `of new runs: ${engineNames.join(' or ')}`, oneOf(engineNames))
    .option('--jobs <n>', 'runs side by side', wholeNumber(1, 64))
    .option(...threadsOption)
    .option(...keepOption);

/** `study run` and `study retry`. */
export function addTraining(parent: Command): void {
  addTrainOptions(parent.command('run'))
    .description(
      'train what is missing of a study, and let go on what waits, was paused or interrupted',
    )
    .action(async (study: string, options: TrainOptions, command: Command) => {
      const states: Startable[] = ['planned', 'waiting', 'paused'];
      await withSession(command, (session) => train(session, study, states, options), options);
    });
  addResourceOptions(addTrainOptions(parent.command('retry')))
    .description(
      'let runs of a study that failed go on, from where they were or from the start; those that failed on a cluster, there, with what else they are to ask for',
    )
    .action(async (study: string, options: TrainOptions, command: Command) => {
      await withSession(command, (session) => retry(session, study, options), options);
    });
}
