import type { Command } from 'commander';
import type { Run } from '../../core/records.ts';
import { judgedEpoch } from '../../core/metrics/judgedEpoch.ts';
import { planPaperExperiment } from '../../core/studies/paperExperiment.ts';
import { plannedRuns } from '../../core/studies/plan.ts';
import { seedCountOrList, wholeNumber } from './arguments.ts';
import { formatDuration } from './output.ts';
import { withSession, type Session } from './session.ts';
import { trainAndReport } from './trainAndReport.ts';
import { noteEngine, threadsOption, type TrainerOptions } from './trainCommand.ts';

interface Experiment {
  name: string;
  description: string;
  /** By setting. */
  changes: Record<string, number>;
}

const experiments: Experiment[] = [
  {
    name: 'demo',
    description: "the paper's experiment on a part of MNIST: C and R, 3 epochs, minutes",
    changes: { 'data.trainExamples': 12_000, 'data.testExamples': 2_000, 'training.epochs': 3 },
  },
  {
    name: 'paper',
    description: "the paper's experiment on all of MNIST: C and R until early stopping",
    changes: {},
  },
];

/** Images by whether they are right and sure, of the epoch that the run is judged by. */
function describeExamples({ workbench }: Session, run: Run): string {
  const epoch = judgedEpoch(run)?.epoch ?? null;
  const threshold = run.config.evaluation.lowConfidenceThreshold;
  const counts = workbench.history.examples.count(run.id, epoch, threshold);
  const wrong = counts.wrongSure + counts.wrongUnsure;
  return `${run.name}: ${wrong} of ${counts.total} misclassified, ${counts.wrongUnsure} of them unsure; ${counts.rightUnsure} right but unsure (confidence below ${threshold})`;
}

/** @param runs seed by seed, of each paradigm C, then R */
function describeNextSteps(study: string, [c, r]: Run[]): string[] {
  const command = 'npm run -s afterimage --';
  return [
    '',
    `Open the workbench:            npm start`,
    `See what became of each run:   ${command} study show ${JSON.stringify(study)}`,
    `List the unsure mistakes:      ${command} examples --run ${r?.id ?? ''} --filter misclassified,low-confidence`,
    `Put the table into a paper:    ${command} table --which 1 --runs ${c?.id ?? ''},${r?.id ?? ''} --format tex`,
  ];
}

async function runExperiment(
  experiment: Experiment,
  seeds: readonly number[],
  session: Session,
): Promise<void> {
  const { api } = session.workbench;
  const study = planPaperExperiment(experiment.name, experiment.changes, seeds);
  await noteEngine(session);
  const { name } = await session.workbench.engines.get();
  const configs = plannedRuns(study).map(({ config }) => config);
  const { durationMs, basis } = await api.runs.estimate({ configs, engine: name }, {});
  session.output.note(`About ${formatDuration(durationMs)}. ${basis}`);
  const { id: studyId } = await api.studies.create({ study, isRenamed: true }, {});
  const request = { studyId, states: ['planned' as const], engine: null };
  const { runIds } = await api.studies.start({ ...request, experiment: experiment.name }, {});
  const runs = await trainAndReport(runIds, session);
  if (session.json || runs.some(({ status }) => status !== 'completed')) return;
  const lines = [
    ...runs.map((run) => describeExamples(session, run)),
    ...describeNextSteps(session.workbench.history.studies.get(studyId).study.name, runs),
  ];
  session.output.text(lines.join('\n'));
}

/** `demo` and `paper`: the experiment that the application is for, in one word each. */
export function addExperimentCommands(program: Command): void {
  for (const experiment of experiments) {
    program
      .command(experiment.name)
      .description(experiment.description)
      .option('--jobs <n>', 'runs side by side', wholeNumber(1, 64))
      .option(...threadsOption)
      .option(
        '--seeds <n>',
        'both with so many seeds, from 1 on, or with each of a list such as 2,4-6',
        seedCountOrList,
        [1],
      )
      .action(async (options: TrainerOptions & { seeds: number[] }, command: Command) => {
        const { seeds } = options;
        await withSession(command, (session) => runExperiment(experiment, seeds, session), options);
      });
  }
}
