/**
 * Whole epochs of a full-size run through the workbench, as `train` does them:
 * `node bench/epoch.ts --engine native --paradigm R --epochs 2`. Prints one JSON document in seconds:
 * training, validation with evaluation, recording, and the trainer's resident memory, MB, after each.
 */
import { paradigmOf } from '../src/core/config/objectives.ts';
import { changeSettings } from '../src/core/config/settingValues.ts';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseDataDir } from '../src/main/cli/dataDir.ts';
import { forkTrainer, type StartTrainer } from '../src/main/training/trainerHost.ts';
import { openWorkbench } from '../src/main/workbench.ts';
import { presets } from '../src/core/config/presets.ts';
import type { EngineName } from '../src/core/records.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'wasm' },
    paradigm: { type: 'string', default: 'C' },
    epochs: { type: 'string', default: '1' },
    'train-examples': { type: 'string' },
    'data-dir': { type: 'string' },
  },
});
const dataDir = mkdtempSync(join(tmpdir(), 'afterimage-epoch-'));
symlinkSync(join(chooseDataDir(values['data-dir']), 'engines'), join(dataDir, 'engines'));

/** The trainer's resident memory, MB, as the system counts it; 0 once it has ended. */
const residentMb = (): number => {
  const pids = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
  const pages = pids
    .split(' ')
    .filter((pid) => pid !== '')
    .map((pid) => Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]));
  return Math.round((Math.max(0, ...pages) * 4096) / 1e6);
};

const recordingMs: number[] = [];
const memoryMb: number[] = [];
/** Times how long the parent takes with an epoch, most of which is its transaction. */
const timedTrainer: StartTrainer = (environment, listeners) =>
  forkTrainer(environment, {
    ...listeners,
    event: (event) => {
      const began = performance.now();
      listeners.event(event);
      if (event.type !== 'epoch') return;
      recordingMs.push(performance.now() - began);
      memoryMb.push(residentMb());
    },
  });

const workbench = await openWorkbench({ dataDir, jobs: 1, startTrainer: timedTrainer });
try {
  const trainExamples = values['train-examples'];
  const config = changeSettings(presets[values.paradigm === 'R' ? 'mnist-r' : 'mnist-c'], {
    'training.epochs': Number(values.epochs),
    'training.patience': null,
    'data.trainExamples': trainExamples === undefined ? null : Number(trainExamples),
  });
  const run = { name: 'bench', experiment: 'bench', config, seed: 1 };
  const engine = values.engine as EngineName;
  const [created] = await workbench.api.runs.create({ runs: [run], engine }, {});
  await workbench.training.idle;
  const { epochs, engine: used, error } = workbench.history.runs.get(created?.id ?? '');
  if (error !== null) throw new Error(error.message);
  const seconds = epochs.slice(1).map(({ durationMs, evaluationMs }, i) => ({
    training: (durationMs - evaluationMs) / 1000,
    evaluation: evaluationMs / 1000,
    recording: (recordingMs[i + 1] ?? 0) / 1000,
  }));
  console.log(
    JSON.stringify({
      engine: used?.name,
      threads: used?.threads,
      paradigm: paradigmOf(config),
      epochs: seconds,
      memoryMb,
    }),
  );
} finally {
  await workbench.close();
  rmSync(dataDir, { recursive: true });
}
