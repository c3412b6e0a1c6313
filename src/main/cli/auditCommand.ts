import { InvalidArgumentError, type Command } from 'commander';
import { chooseExplainers } from '../../core/explainers/options.ts';
import { explainerNames, type ExplainerName } from '../../core/explainers/registry.ts';
import { AfterimageError } from '../../core/errors.ts';
import type { EpochChoice } from '../../core/statistics/comparison.ts';
import { usualMethods, type AuditedMethod } from '../../core/trust/audit.ts';
import { buildAuditTable } from '../export/auditTable.ts';
import { chooseEpoch } from '../workbench/measures.ts';
import { reportAudits } from '../workbench/auditReports.ts';
import { collect, epochChoice, listOf, oneOf, seed, wholeNumber } from './arguments.ts';
import { progressLine } from './progressLine.ts';
import { withSession, type Session } from './session.ts';
import { formatList } from './tableOptions.ts';

interface AuditOptions {
  run: string;
  epochs: EpochChoice[] | 'all';
  examples: number;
  methods: ExplainerName[];
  option: string[];
  seed: number;
}

/** `all`, or epochs between commas. */
function epochList(text: string): EpochChoice[] | 'all' {
  if (text === 'all') return 'all';
  try {
    return listOf(epochChoice)(text);
  } catch {
    throw new InvalidArgumentError('It takes best, last, all or numbers of epochs between commas.');
  }
}

/** Epochs by their numbers. */
function findEpochs(
  { workbench }: Session,
  runId: string,
  epochs: AuditOptions['epochs'],
): number[] | 'all' {
  if (epochs === 'all') return 'all';
  const run = workbench.history.runs.get(runId);
  return epochs.map((choice) => chooseEpoch(run, choice).epoch);
}

/** One epoch's report as it is read. */
async function printEpoch(session: Session, runId: string, epoch: number): Promise<void> {
  const query = { runIds: [runId], epoch, methods: null, measures: null, bootstrapSeed: 1 };
  const report = await reportAudits(session.workbench.history, query, {});
  session.output.text(formatList(buildAuditTable(report), session.output));
}

async function audit(
  session: Session,
  options: AuditOptions,
  methods: ReturnType<typeof chooseExplainers>,
): Promise<void> {
  const { workbench, output, json } = session;
  const runId = workbench.history.runs.resolve(options.run);
  const { examples, seed: drawn } = options;
  const progress = progressLine(output);
  const order = {
    runId,
    methods,
    examples,
    seed: drawn,
    epochs: findEpochs(session, runId, options.epochs),
  };
  const audited = await workbench.audits
    .run(order, { onProgress: progress.show })
    .finally(progress.end);
  const epochs = [...new Set(audited.map(({ epoch }) => epoch))];
  if (json) {
    const methodNames = [...new Set(audited.map(({ method }) => method))];
    const images = audited[0]?.exampleIds.length ?? 0;
    output.json({ runId, epochs, methods: methodNames, images, seed: drawn });
    return;
  }
  for (const epoch of epochs) await printEpoch(session, runId, epoch);
}

const known = (values: ArrayLike<number>): (number | null)[] =>
  Array.from(values, (value) => (Number.isNaN(value) ? null : value));

/** An audit as JSON has it: a column's values are N, or N times as many points. */
const toDocument = ({ exampleIds, targets, columns, ...facts }: AuditedMethod) => ({
  ...facts,
  exampleIds: [...exampleIds],
  targets: [...targets],
  columns: Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, known(values)]),
  ),
});

async function show(
  session: Session,
  { run: name, epoch: choice }: { run: string; epoch: EpochChoice },
): Promise<void> {
  const { workbench, output, json } = session;
  const { history } = workbench;
  const run = history.runs.get(history.runs.resolve(name));
  const { epoch } = chooseEpoch(run, choice);
  const stored = history.audits.list(run.id);
  if (json) {
    const audits = history.audits.getEpoch(run.id, epoch).map(toDocument);
    output.json({ runId: run.id, epoch, audits });
    return;
  }
  if (stored.length === 0) {
    throw new AfterimageError(
      'NOT_FOUND',
      `Run ${run.name} was not audited yet.`,
      `Run \`audit --run ${run.id}\`.`,
    );
  }
  const epochs = [...new Set(stored.map((entry) => entry.epoch))];
  output.text(`audited at epoch ${epochs.join(', ')}`);
  await printEpoch(session, run.id, epoch);
}

function addRun(parent: Command): void {
  parent
    .command('run', { isDefault: true })
    .description('compute an audit and keep it with the run')
    .requiredOption('--run <run>', 'id, the beginning of one, or a name')
    .option('--epochs <list>', 'best, last, all, or numbers between commas', epochList, ['best'])
    .option('--examples <n>', 'how many test images, drawn by the seed', wholeNumber(2), 500)
    .option(
      '--methods <names>',
      `between commas, of ${explainerNames.join(', ')}`,
      listOf(oneOf(explainerNames)),
      [...usualMethods],
    )
    .option(
      '--option <key=value>',
      'of the methods that have it; may be given several times',
      collect,
      [],
    )
    .option('--seed <n>', 'of the images, and of all that is drawn', seed, 1)
    .addHelpText(
      'after',
      '\nMeasures and what they can show are in docs/audit.md. Beside the methods stand three maps that no\nnetwork made: the image itself, its edges, and chance. Two runs compare with `table --which audit`.',
    )
    .action(async (options: AuditOptions, command: Command) => {
      const methods = chooseExplainers(options.methods, options.option);
      await withSession(command, (session) => audit(session, options, methods));
    });
}

export function addAuditCommand(program: Command): void {
  const parent = program
    .command('audit')
    .description('whether a run’s explanations can be trusted, in numbers of each image');
  addRun(parent);
  parent
    .command('show')
    .description('what audits of a run there are; with --json every value of every image')
    .requiredOption('--run <run>', 'id, the beginning of one, or a name')
    .option('--epoch <best|last|n>', 'whose values', epochChoice, 'best')
    .action(async (options: { run: string; epoch: EpochChoice }, command: Command) => {
      await withSession(command, (session) => show(session, options));
    });
}
