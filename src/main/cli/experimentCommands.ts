import type { Command } from 'commander';
import type { NewRun } from '../../shared/contract.ts';
import { presets } from '../../core/config/presets.ts';
import type { Run } from '../../core/records.ts';
import type { RunConfig } from '../../core/config/runConfig.ts';
import { judgedEpoch } from '../../core/metrics/judgedEpoch.ts';
import { wholeNumber } from './arguments.ts';
import { formatDuration } from './output.ts';
import { withSession, type Session } from './session.ts';
import { trainAndReport } from './trainAndReport.ts';
import { noteEngine } from './trainCommand.ts';

interface Experiment {
  name: string;
  description: string;
  changes: Partial<RunConfig>;
}

const experiments: Experiment[] = [
  {
    name: 'demo',
    description: "the paper's experiment on a part of MNIST: C and R, 3 epochs, minutes",
    changes: { trainExamples: 12_000, testExamples: 2_000, epochs: 3 },
  },
  {
    name: 'paper',
    description: "the paper's experiment on all of MNIST: C and R until early stopping",
    changes: {},
  },
];

const listRuns = ({ name, changes }: Experiment): NewRun[] =>
  (['mnist-c', 'mnist-r'] as const).map((preset) => ({
    name: `${name} ${presets[preset].paradigm}`,
    experiment: name,
    config: { ...presets[preset], ...changes },
    seed: 1,
  }));

/** Images by whether they are right and sure, of the epoch that the run is judged by. */
function describeExamples({ workbench }: Session, run: Run): string {
  const epoch = judgedEpoch(run)?.epoch ?? null;
  const threshold = run.config.lowConfidenceThreshold;
  const counts = workbench.history.examples.count(run.id, epoch, threshold);
  const wrong = counts.wrongSure + counts.wrongUnsure;
  return `${run.name}: ${wrong} of ${counts.total} misclassified, ${counts.wrongUnsure} of them unsure; ${counts.rightUnsure} right but unsure (confidence below ${threshold})`;
}

function describeNextSteps(runs: Run[]): string[] {
  const [c, r] = runs;
  const command = 'npm run -s afterimage --';
  return [
    '',
    `Open the workbench:            npm start`,
    `List the unsure mistakes:      ${command} examples --run ${r?.id ?? ''} --filter misclassified,low-confidence`,
    `Put the table into a paper:    ${command} table --which 1 --runs ${c?.id ?? ''},${r?.id ?? ''} --format tex`,
  ];
}

async function runExperiment(experiment: Experiment, session: Session): Promise<void> {
  const { api } = session.workbench;
  const wanted = listRuns(experiment);
  await noteEngine(session);
  const configs = wanted.map(({ config }) => config);
  const { durationMs, basis } = await api.runs.estimate({ configs }, {});
  session.output.note(`About ${formatDuration(durationMs)}. ${basis}`);
  const created = await api.runs.create({ runs: wanted, engine: null }, {});
  const runs = await trainAndReport(
    created.map(({ id }) => id),
    session,
  );
  if (session.json || runs.some(({ status }) => status !== 'completed')) return;
  const lines = [...runs.map((run) => describeExamples(session, run)), ...describeNextSteps(runs)];
  session.output.text(lines.join('\n'));
}

/** `demo` and `paper`: the experiment that the application is for, in one word each. */
export function addExperimentCommands(program: Command): void {
  for (const experiment of experiments) {
    program
      .command(experiment.name)
      .description(experiment.description)
      .option('--jobs <n>', 'runs side by side', wholeNumber(1, 64))
      .action(async (options: { jobs?: number }, command: Command) => {
        await withSession(command, (session) => runExperiment(experiment, session), options.jobs);
      });
  }
}
