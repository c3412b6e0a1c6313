import type { Command } from 'commander';
import { SingleBar, Presets } from 'cli-progress';
import { errorFrom } from '../../core/errors.ts';
import type { LongTaskProgress } from '../../shared/longTask.ts';
import type { EngineReport } from '../../shared/nativeEngine.ts';
import { doctor } from '../engines/doctor.ts';
import { installEngine } from '../engines/install.ts';
import { removeEngine } from '../engines/layout.ts';
import { listEngines } from '../workbench/enginesApi.ts';
import { chooseDataDir } from './dataDir.ts';
import { terminalOutput } from './output.ts';
import type { CommonOptions } from './session.ts';

const place = (command: Command): { dataDir: string; json: boolean } => {
  const { dataDir, json }: CommonOptions = command.optsWithGlobals();
  return { dataDir: chooseDataDir(dataDir), json: json === true };
};

/** A bar per step on a terminal, nothing in a pipe. */
function showSteps(): { show: (progress: LongTaskProgress) => void; close: () => void } {
  if (!terminalOutput.interactive) return { show: () => undefined, close: () => undefined };
  const bar = new SingleBar(
    { format: '{step} {bar} {percentage}%', barsize: 30, hideCursor: true },
    Presets.shades_classic,
  );
  let current = '';
  return {
    show: ({ step, done, total }) => {
      if (current !== step) {
        if (current !== '') bar.stop();
        bar.start(total ?? 1, 0, { step });
        current = step;
      }
      bar.setTotal(total ?? Math.max(done, 1));
      bar.update(done, { step });
    },
    close: () => {
      bar.stop();
    },
  };
}

async function install(options: { gpu?: boolean; from?: string }, command: Command): Promise<void> {
  const { dataDir, json } = place(command);
  const stop = new AbortController();
  process.once('SIGINT', () => {
    stop.abort();
  });
  const steps = showSteps();
  try {
    const { folder, manifest } = await installEngine({
      dataDir,
      gpu: options.gpu,
      from: options.from,
      signal: stop.signal,
      onProgress: steps.show,
      onMessage: terminalOutput.note,
    });
    if (json) terminalOutput.json({ folder, manifest });
    else {
      terminalOutput.text(
        `TensorFlow ${manifest.tensorflow} (${manifest.gpu ? 'CUDA' : 'CPU'}) installed in ${folder}. Runs use it from now on; \`engine doctor\` examines it.`,
      );
    }
  } finally {
    steps.close();
  }
}

function describeCheck({ largestDifference, deterministic, loadMs }: EngineReport): string {
  if (largestDifference === null || loadMs === null) return 'not run';
  const repeats = deterministic === true ? 'the same bits twice' : 'other bits the second time';
  const difference = `largest difference ${largestDifference.toExponential(1)}`;
  return `${difference}, ${repeats}, loaded in ${Math.round(loadMs)} ms`;
}

/** How steps compute on a GPU; nothing to say of a CPU. */
function describeSteps({ compiler, compileMs, uncompiledReason }: EngineReport): string[] {
  if (uncompiledReason !== null) return [`steps    as graphs: ${uncompiledReason}`];
  if (compiler === null || compileMs === null) return [];
  const seconds = (compileMs / 1000).toFixed(1);
  return [`steps    compiled by ${compiler.toUpperCase()}, the check's in ${seconds} s`];
}

function describeReport(report: EngineReport): string {
  if (report.folder === null) return 'native: not installed';
  const gpus = report.gpus.map(
    ({ name, memoryMiB, driver }) => `GPU      ${name}, ${memoryMiB} MiB, driver ${driver}`,
  );
  return [
    `native   ${report.healthy ? 'works' : 'does not work'}, in ${report.folder}`,
    `from     ${report.source ?? 'unknown'}`,
    `version  TensorFlow ${report.tensorflow ?? 'not loaded'}`,
    `device   ${report.device ?? 'none'}, ${report.threads ?? 0} threads`,
    ...describeSteps(report),
    `check    ${describeCheck(report)}`,
    ...gpus,
    ...(report.gpuReason === null ? [] : [`no GPU   ${report.gpuReason}`]),
  ].join('\n');
}

async function examine(command: Command): Promise<void> {
  const { dataDir, json } = place(command);
  const report = await doctor({ dataDir });
  if (json) terminalOutput.json(report);
  else terminalOutput.text(describeReport(report));
  if (report.problem !== null) throw errorFrom(report.problem);
}

async function list(command: Command): Promise<void> {
  const { dataDir, json } = place(command);
  const engines = await listEngines(dataDir);
  if (json) {
    terminalOutput.json({ engines });
    return;
  }
  const lines = engines.map(({ name, available, isDefault, reason, info }) => {
    const versions = Object.entries(info?.versions ?? {}).map((entry) => entry.join(' '));
    const state = available ? [`threads ${info?.threads ?? 0}`, ...versions].join(', ') : '';
    return `${name.padEnd(7)} ${isDefault ? '(default) ' : ''}${[state, reason].filter(Boolean).join('; ')}`;
  });
  terminalOutput.text(lines.join('\n'));
}

export function addEngineCommand(program: Command): void {
  const engine = program.command('engine').description('what computes: list, install, examine');
  engine.action(async (_: unknown, command: Command) => {
    await list(command);
  });
  engine
    .command('install')
    .description("put TensorFlow's native library into the data folder and make it the default")
    .option('--gpu', 'the CUDA build; by default where nvidia-smi lists a GPU')
    .option('--no-gpu', 'the CPU build')
    .option(
      '--from <path>',
      'a libtensorflow folder or tarball, a tensorflow wheel, or an engine that is installed already (DATA-DIR/engines/native-...)',
    )
    .action(install);
  engine
    .command('doctor')
    .description('load the native engine, run a step, and say what is used and why')
    .action(async (_: unknown, command: Command) => {
      await examine(command);
    });
  engine
    .command('remove')
    .description('go back to the embedded engine')
    .action(async (_: unknown, command: Command) => {
      const { dataDir } = place(command);
      const removed = await removeEngine(dataDir);
      terminalOutput.text(removed ? 'The native engine is gone.' : 'There was no native engine.');
    });
}
