import type { Command } from 'commander';
import type { NewRun } from '../../shared/contract.ts';
import { applyOverrides, overrideField } from '../../core/config/configOverrides.ts';
import { AfterimageError } from '../../core/errors.ts';
import { describeResumption } from '../../core/numericsVersion.ts';
import { presetNames, presets, type PresetName } from '../../core/config/presets.ts';
import { engineNames, type EngineName } from '../../core/records.ts';
import type { RunConfig } from '../../core/config/runConfig.ts';
import { boundedText, collect, listOf, nameLength, oneOf, seed, wholeNumber } from './arguments.ts';
import { withSession, type Session } from './session.ts';
import { trainAndReport } from './trainAndReport.ts';

interface TrainOptions {
  preset: PresetName[];
  set: string[];
  seeds: number[];
  epochs?: string;
  trainExamples?: string;
  testExamples?: string;
  name?: string;
  experiment?: string;
  engine?: EngineName;
  jobs?: number;
}

/** The preset with `--set` and its short forms applied, those last. */
function buildConfig(preset: PresetName, options: TrainOptions): RunConfig {
  const short = {
    epochs: options.epochs,
    trainExamples: options.trainExamples,
    testExamples: options.testExamples,
  };
  return Object.entries(short).reduce(
    (config, [key, text]) => (text === undefined ? config : overrideField(config, key, text)),
    applyOverrides(presets[preset], options.set),
  );
}

function buildRuns(options: TrainOptions): NewRun[] {
  const experiment = options.experiment ?? options.name ?? options.preset.join(' and ');
  return options.preset.flatMap((preset) => {
    const config = buildConfig(preset, options);
    const base =
      options.preset.length === 1
        ? (options.name ?? preset)
        : options.name
          ? `${options.name} ${preset}`
          : preset;
    const several = options.seeds.length > 1;
    return options.seeds.map((value) => ({
      name: several ? `${base} seed ${value}` : base,
      experiment,
      config,
      seed: value,
    }));
  });
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

export function addTrainCommand(program: Command): void {
  program
    .command('train')
    .description('train one run per preset and seed, and store every epoch')
    .requiredOption(
      '--preset <names>',
      `${presetNames.join(', ')}; several between commas`,
      listOf(oneOf(presetNames)),
    )
    .option(
      '--set <key=value>',
      'change a setting of the preset; may be given several times',
      collect,
      [],
    )
    .option('--seeds <list>', 'one run for each', listOf(seed), [1])
    .option('--epochs <n>', 'most epochs')
    .option('--train-examples <n>', 'stratified subset of the training split')
    .option('--test-examples <n>', 'stratified subset of the test split')
    .option('--name <name>', 'name of the runs', boundedText(nameLength))
    .option('--experiment <name>', 'what the runs belong to', boundedText(nameLength))
    .option('--engine <name>', engineNames.join(' or '), oneOf(engineNames))
    .option('--jobs <n>', 'runs side by side', wholeNumber(1, 64))
    .action(async (options: TrainOptions, command: Command) => {
      const wanted = buildRuns(options);
      await withSession(
        command,
        async (session) => {
          await checkEngine(session, options.engine);
          const engine = options.engine ?? null;
          const created = await session.workbench.api.runs.create({ runs: wanted, engine }, {});
          if (engine === null) await noteEngine(session);
          await trainAndReport(
            created.map(({ id }) => id),
            session,
          );
        },
        options.jobs,
      );
    });
}

export function addResumeCommand(program: Command): void {
  program
    .command('resume')
    .description('let a paused, interrupted or failed run go on, exactly where it stopped')
    .argument('<run...>', 'id, the beginning of one, or a name')
    .option('--jobs <n>', 'runs side by side', wholeNumber(1, 64))
    .action(async (names: string[], options: { jobs?: number }, command: Command) => {
      await withSession(
        command,
        async (session) => {
          const { history, api } = session.workbench;
          const ids = names.map((name) => history.runs.resolve(name));
          for (const id of ids) {
            noteResumption(session, id);
            await api.runs.resume({ runId: id }, {});
          }
          await trainAndReport(ids, session);
        },
        options.jobs,
      );
    });
}
