import type { Command } from 'commander';
import { readFactors } from '../../core/config/configOverrides.ts';
import { AfterimageError } from '../../core/errors.ts';
import { describeExtension } from '../../core/extension.ts';
import { describeResumption } from '../../core/numericsVersion.ts';
import type { PresetName } from '../../core/config/presets.ts';
import { engineNames, type EngineName } from '../../core/records.ts';
import { plannedRuns, type PlannedRun } from '../../core/studies/plan.ts';
import type { Study } from '../../core/studies/study.ts';
import { boundedText, nameLength, oneOf, wholeNumber } from './arguments.ts';
import { terminalOutput } from './output.ts';
import { withSession, type Session } from './session.ts';
import { formatSettings, listAllSettings } from './settingsList.ts';
import { addPlanOptions, basesOf, overridesOf, type PlanOptions } from './study/planOptions.ts';
import { trainAndReport } from './trainAndReport.ts';

/** Of every command that begins runs. */
export interface TrainerOptions {
  jobs?: number;
  threads?: number;
}

/** On the native engine a run keeps its own from its first epoch on: its last digits depend on them. */
export const threadsOption = [
  '--threads <n>',
  'of each run (default: all cores, shared out among the runs at once); on the native engine numbers depend on them, so that a run keeps its own from its first epoch on',
  wholeNumber(1, 256),
] as const;

/** Of every command that begins runs or lets them go on. */
export const keepOption = [
  '--keep-checkpoint',
  'keep the state after the last epoch, from which "resume --epochs" trains further at once',
] as const;

interface ResumeOptions extends TrainerOptions {
  epochs?: number;
  keepCheckpoint?: boolean;
}

interface TrainOptions extends TrainerOptions, PlanOptions {
  settings?: boolean;
  name?: string;
  experiment?: string;
  engine?: EngineName;
  keepCheckpoint?: boolean;
}

/** What the runs belong to, and the study of them is called. */
const experimentOf = (names: readonly PresetName[], { experiment, name }: TrainOptions): string =>
  experiment ?? name ?? names.join(' and ');

/** As a study, which several runs are: named by preset where there are several, else by what they are called. */
function buildStudy(names: readonly PresetName[], options: TrainOptions): Study {
  const bases = basesOf(names);
  return {
    name: experimentOf(names, options),
    question: '',
    bases,
    factors: readFactors(bases, overridesOf(options)),
    seeds: options.seeds,
    runPrefix: options.name ?? (names.length === 1 ? (names[0] ?? '') : ''),
  };
}

/** Queues the runs, as a study of their own where they are several. */
async function createRuns(
  { workbench, output }: Session,
  planned: readonly PlannedRun[],
  study: Study,
  request: { engine: EngineName | null; keepCheckpoints: boolean | undefined },
): Promise<string[]> {
  const { runs, studies } = workbench.api;
  const { name: experiment } = study;
  if (planned.length === 1) {
    const wanted = planned.map(({ name, config, seed }) => ({ name, experiment, config, seed }));
    const created = await runs.create({ runs: wanted, ...request }, {});
    return created.map(({ id }) => id);
  }
  // What could not begin leaves no study behind.
  await runs.estimate({ configs: planned.map(({ config }) => config), engine: request.engine }, {});
  const { id: studyId, name } = await studies.create({ study, isRenamed: true }, {});
  output.note(`Study ${name}: ${planned.length} runs.`);
  const started = await studies.start({ studyId, states: ['planned'], experiment, ...request }, {});
  return started.runIds;
}

/** Throws if the native engine is wanted and cannot be used; a run would only fail later. */
export async function checkEngine(
  { workbench }: Session,
  wanted: EngineName | undefined,
): Promise<void> {
  const engines = await workbench.api.engines.status({}, {});
  const found = engines.find(({ name }) => name === wanted);
  if (found?.available !== false) return;
  throw new AfterimageError(
    'ENGINE_UNAVAILABLE',
    `The ${found.name} engine cannot be used: ${found.reason}`,
    'Or train with --engine wasm.',
  );
}

/** Says so where runs train on the embedded engine for want of the native one. */
export async function noteEngine({ workbench, output }: Session): Promise<void> {
  const { reason } = await workbench.engines.get();
  if (reason !== null) output.note(`Training on the embedded engine. ${reason}`);
}

/** Says what is computed otherwise for a run that earlier code began. */
function noteResumption({ workbench, output }: Session, runId: string): void {
  const change = describeResumption(workbench.history.runs.getSummary(runId));
  if (change !== null) output.note(change);
}

/** `--settings`: what `--set` takes, without training anything. */
function showSettings(command: Command): void {
  const { json }: { json?: boolean } = command.optsWithGlobals();
  if (json === true) terminalOutput.json({ settings: listAllSettings() });
  else terminalOutput.text(formatSettings());
}

async function train(options: TrainOptions, command: Command): Promise<void> {
  if (options.settings === true) {
    showSettings(command);
    return;
  }
  if (options.preset === undefined) {
    command.error("error: required option '--preset <names>' not specified");
  }
  const study = buildStudy(options.preset, options);
  const planned = plannedRuns(study);
  await withSession(
    command,
    async (session) => {
      await checkEngine(session, options.engine);
      const engine = options.engine ?? null;
      const keepCheckpoints = options.keepCheckpoint;
      const runIds = await createRuns(session, planned, study, { engine, keepCheckpoints });
      if (engine === null) await noteEngine(session);
      await trainAndReport(runIds, session);
    },
    options,
  );
}

export function addTrainCommand(program: Command): void {
  const command = program
    .command('train')
    .description('train one run per preset, seed and value of a setting, and store every epoch');
  addPlanOptions(command)
    .option('--settings', 'list every setting with its range, default and meaning, and end')
    .option('--name <name>', 'name of the runs', boundedText(nameLength))
    .option('--experiment <name>', 'what the runs belong to', boundedText(nameLength))
    .option('--engine <name>', engineNames.join(' or '), oneOf(engineNames))
    .option('--jobs <n>', 'runs side by side', wholeNumber(1, 64))
    .option(...threadsOption)
    .option(...keepOption)
    .action(train);
}

/** Says how a run goes on to so many epochs, before it does. */
async function noteExtension(
  { workbench, output }: Session,
  runId: string,
  epochs: number,
): Promise<void> {
  const { name } = workbench.history.runs.getSummary(runId);
  const plan = await workbench.api.runs.extension({ runId, epochs }, {});
  for (const line of describeExtension(name, plan)) output.note(line);
}

async function resume(
  names: readonly string[],
  { epochs, keepCheckpoint }: ResumeOptions,
  session: Session,
): Promise<void> {
  const { history, api } = session.workbench;
  const ids = names.map((name) => history.runs.resolve(name));
  for (const runId of ids) {
    // Here it shall train, not where it waits.
    history.owners.checkFree(runId);
    if (epochs !== undefined) await noteExtension(session, runId, epochs);
    await api.runs.resume({ runId, epochs, inTurn: true }, {});
    if (keepCheckpoint === true) history.checkpoints.setKept(runId, true);
    if (epochs === undefined) noteResumption(session, runId);
  }
  await trainAndReport(ids, session);
}

export function addResumeCommand(program: Command): void {
  program
    .command('resume')
    .description(
      'let a paused, interrupted or failed run go on, exactly where it stopped, or train a completed one further',
    )
    .argument('<run...>', 'id, the beginning of one, or a name')
    .option(
      '--epochs <n>',
      'most epochs in all: a completed run goes on as if it had been asked for so many from its start',
      wholeNumber(1, 1000),
    )
    .option('--jobs <n>', 'runs side by side', wholeNumber(1, 64))
    .option(...threadsOption)
    .option(...keepOption)
    .action(async (names: string[], options: ResumeOptions, command: Command) => {
      await withSession(command, (session) => resume(names, options, session), options);
    });
}
