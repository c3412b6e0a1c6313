import type { Command } from 'commander';
import type { NewRun } from '../../shared/contract.ts';
import { expandOverrides } from '../../core/config/configOverrides.ts';
import { AfterimageError } from '../../core/errors.ts';
import { describeExtension } from '../../core/extension.ts';
import { describeResumption } from '../../core/numericsVersion.ts';
import { presetNames, presets, type PresetName } from '../../core/config/presets.ts';
import { engineNames, type EngineName } from '../../core/records.ts';
import { mostRuns } from '../../core/config/sweep.ts';
import {
  boundedText,
  collect,
  listOf,
  nameLength,
  oneOf,
  seedList,
  wholeNumber,
} from './arguments.ts';
import { terminalOutput } from './output.ts';
import { withSession, type Session } from './session.ts';
import { formatSettings, listAllSettings } from './settingsList.ts';
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
const keepOption = [
  '--keep-checkpoint',
  'keep the state after the last epoch, from which "resume --epochs" trains further at once',
] as const;

interface ResumeOptions extends TrainerOptions {
  epochs?: number;
  keepCheckpoint?: boolean;
}

interface TrainOptions extends TrainerOptions {
  preset?: PresetName[];
  set: string[];
  settings?: boolean;
  seeds: number[];
  epochs?: string;
  trainExamples?: string;
  testExamples?: string;
  name?: string;
  experiment?: string;
  engine?: EngineName;
  keepCheckpoint?: boolean;
}

/** `--set` and its short forms, those last. */
const overridesOf = ({ set, epochs, trainExamples, testExamples }: TrainOptions): string[] => [
  ...set,
  ...Object.entries({ epochs, trainExamples, testExamples }).flatMap(([key, text]) =>
    text === undefined ? [] : [`${key}=${text}`],
  ),
];

/** What is named by preset where there are several, else by what it is called. */
function nameBase(preset: PresetName, { name }: TrainOptions, count: number): string {
  if (count === 1) return name ?? preset;
  return name === undefined ? preset : `${name} ${preset}`;
}

function buildRuns(names: readonly PresetName[], options: TrainOptions): NewRun[] {
  const experiment = options.experiment ?? options.name ?? names.join(' and ');
  const bases = names.map((name) => ({ name, config: presets[name] }));
  const runs = expandOverrides(bases, overridesOf(options)).flatMap((variants, i) => {
    const base = nameBase(names[i] ?? 'mnist-c', options, names.length);
    return variants.flatMap(({ config, marks }) =>
      options.seeds.map((seed) => {
        const ending = options.seeds.length > 1 ? [`seed ${seed}`] : [];
        return { name: [base, ...marks, ...ending].join(' '), experiment, config, seed };
      }),
    );
  });
  if (runs.length <= mostRuns) return runs;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `These settings and seeds make ${runs.length} runs.`,
    `Train at most ${mostRuns} at once.`,
  );
}

/** Throws if the native engine is wanted and cannot be used; a run would only fail later. */
async function checkEngine({ workbench }: Session, wanted: EngineName | undefined): Promise<void> {
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
  const wanted = buildRuns(options.preset, options);
  await withSession(
    command,
    async (session) => {
      await checkEngine(session, options.engine);
      const engine = options.engine ?? null;
      const { runs } = session.workbench.api;
      const keepCheckpoints = options.keepCheckpoint;
      const created = await runs.create({ runs: wanted, engine, keepCheckpoints }, {});
      if (engine === null) await noteEngine(session);
      await trainAndReport(
        created.map(({ id }) => id),
        session,
      );
    },
    options,
  );
}

export function addTrainCommand(program: Command): void {
  program
    .command('train')
    .description('train one run per preset, seed and value of a setting, and store every epoch')
    .option(
      '--preset <names>',
      `${presetNames.join(', ')}; several between commas`,
      listOf(oneOf(presetNames)),
    )
    .option(
      '--set <key=value>',
      'change a setting; may be given several times; several values between commas make a run for each (for objective they are the terms); --settings lists the keys',
      collect,
      [],
    )
    .option('--settings', 'list every setting with its range, default and meaning, and end')
    .option('--seeds <list>', 'one run for each, such as 1,2,3 or 1-5,8', seedList, [1])
    .option('--epochs <n>', 'most epochs')
    .option('--train-examples <n>', 'stratified subset of the training split')
    .option('--test-examples <n>', 'stratified subset of the test split')
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
    await api.runs.resume({ runId, epochs }, {});
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
