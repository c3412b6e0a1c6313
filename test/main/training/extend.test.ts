import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { describeExtension } from '../../../src/core/extension.ts';
import type { Run } from '../../../src/core/records.ts';
import type { Engine } from '../../../src/main/learning/engine/engine.ts';
import { openWasmEngine } from '../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { presets } from '../../../src/core/config/presets.ts';
import { runHere } from '../../support/commands.ts';
import { withSettings } from '../../support/settings.ts';
import { makeTinyDataset } from '../../support/tinyRun.ts';
import { contentOf, openExtending } from '../../support/extending.ts';
import { makeFolder } from '../../support/digits.ts';
import { trainHere } from '../../support/trainHere.ts';
import { keepDataset } from '../../support/trainedHistory.ts';
import { openWorkbench } from '../../../src/main/workbench.ts';
import type { StartTrainer } from '../../../src/main/training/trainerHost.ts';
import type { TrainerEvent } from '../../../src/shared/trainerEvents.ts';
import { errorOf } from '../store/fixtures.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openWasmEngine(1);
});

it.each(['C', 'R'] as const)(
  'a run of %s that is trained further ends as one that was asked for as many epochs',
  async (paradigm) => {
    const { workbench, dataDir, train, extend, plan } = await openExtending(engine);
    const plateau = { schedule: 'plateau', 'schedule.patience': 1 };
    const [long, short] = [
      { ...plateau, epochs: 4 },
      { ...plateau, epochs: 2 },
    ];
    const whole = await train('whole', long, { paradigm });
    const kept = await train('kept', short, { paradigm, keepCheckpoints: true });
    const dropped = await train('dropped', short, { paradigm });
    const { checkpoints } = workbench.history;
    expect([kept, dropped].map((id) => checkpoints.has(id))).toEqual([true, false]);
    expect(await plan(kept, 4)).toEqual({ differences: [], repeated: 0 });
    expect(await plan(dropped, 4)).toEqual({ differences: [], repeated: 2 });
    for (const id of [kept, dropped]) {
      expect(contentOf(dataDir, id)).not.toEqual(contentOf(dataDir, whole));
      await extend(id, 4);
      expect(contentOf(dataDir, id)).toEqual(contentOf(dataDir, whole));
    }
    expect([kept, dropped].map((id) => checkpoints.has(id))).toEqual([true, false]);
    // The schedule has acted, or its state would not have had to be kept.
    const { epochs } = workbench.history.runs.get(whole);
    expect(new Set(epochs.slice(1).map((epoch) => epoch.learningRate)).size).toBeGreaterThan(1);
  },
);

it('early stopping ends a run that is trained further where it would have ended the whole', async () => {
  const { workbench, dataDir, train, extend, plan } = await openExtending(engine);
  const step = { schedule: 'step', 'schedule.epochs': 1, 'schedule.factor': 0.5, patience: 1 };
  const whole = await train('whole', { ...step, epochs: 40 });
  const { epochs } = workbench.history.runs.get(whole);
  const last = epochs.length - 1;
  expect(last).toBeGreaterThan(2);
  expect(last).toBeLessThan(40);
  const short = await train('short', { ...step, epochs: last - 1 }, { keepCheckpoints: true });
  await extend(short, 40);
  expect(contentOf(dataDir, short)).toEqual(contentOf(dataDir, whole));
  expect(await errorOf(() => plan(whole, 50))).toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining(
      `Early stopping ended run whole after epoch ${last}`,
    ) as string,
  });
});

it('says what will differ before it starts, on the command line too, and writes it down', async () => {
  const { workbench, dataDir, train, extend, plan } = await openExtending(engine);
  const { api, history } = workbench;
  const cosine = { schedule: 'cosine', epochs: 1 };
  const runId = await train('cosine', cosine, { keepCheckpoints: true });
  const { differences } = await plan(runId, 2);
  expect(differences).toHaveLength(1);
  await api.runs.note({ runId, note: 'mine' }, {});
  const before = history.runs.get(runId);
  const refused = await runHere(dataDir, 'resume', 'cosine', '--epochs', '1');
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stderr).toContain('Give a number above 1.');
  expect(history.runs.get(runId)).toEqual(before);
  await extend(runId, 2);
  const after = history.runs.get(runId);
  expect(after.status).toBe('completed');
  expect(after.note).toBe(
    `mine\n\nTrained further, from 1 to 2 epochs: ${differences.join('; ')}.`,
  );
  expect(after.epochs.map(({ learningRate }) => learningRate)).toEqual([null, 0.01, 0.005]);
  expect(describeExtension('cosine', { differences, repeated: 0 })[0]).toContain(differences[0]);
});

describe('a run whose training further fails', () => {
  const dataset = makeTinyDataset(20, 4);
  const started = (): TrainerEvent => ({ type: 'started', engine: engine.info, environment: {} });
  /** What a trainer says before it dies; null: it trains as it should. */
  let lastWords: TrainerEvent[] | null = null;
  const startTrainer: StartTrainer = (environment, listeners) => {
    const words = lastWords;
    if (words === null) return trainHere(engine, dataset)(environment, listeners);
    const die = (): void => {
      for (const word of words) listeners.event(word);
      listeners.exit('signal SIGSEGV');
    };
    return { kill: () => undefined, send: () => queueMicrotask(die) };
  };

  async function openWithRun() {
    lastWords = null;
    const dataDir = makeFolder();
    const workbench = await openWorkbench({ dataDir, jobs: 1, startTrainer });
    onTestFinished(() => workbench.close());
    await keepDataset(workbench.history, dataDir, 'tiny', dataset);
    const { api, training, history } = workbench;
    const settings = { dataset: 'tiny', batchSize: 8, epochs: 1, schedule: 'cosine' };
    const config = withSettings(presets['mnist-c'], settings);
    const run = { name: 'done', experiment: 'tiny', config, seed: 3 };
    const created = await api.runs.create(
      { runs: [run], engine: 'wasm', keepCheckpoints: true },
      {},
    );
    await training.idle;
    const runId = created[0]?.id ?? '';
    await api.runs.note({ runId, note: 'mine' }, {});
    const extend = async (words: TrainerEvent[] | null): Promise<Run> => {
      lastWords = words;
      await api.runs.resume({ runId, epochs: 2 }, {});
      await training.idle;
      return history.runs.get(runId);
    };
    return { dataDir, history, runId, extend, whole: history.runs.get(runId) };
  }
  it('at its beginning stays completed as it was, says why, and can be trained further later', async () => {
    const { history, runId, extend, whole } = await openWithRun();
    const checkpoint = history.checkpoints.get(runId);
    for (const words of [[], [started()]]) {
      const after = await extend(words);
      expect({ ...after, error: null }).toEqual(whole);
      expect(after.error).toMatchObject({
        code: 'TRAINER_DIED',
        message: expect.stringMatching(
          /^Run done was not trained further, to 2 epochs: The trainer ended/,
        ) as string,
      });
      expect(history.checkpoints.get(runId)).toEqual(checkpoint);
    }
    const after = await extend(null);
    expect(after).toMatchObject({ status: 'completed', error: null });
    expect(after.epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
    expect(after.note).toContain('Trained further, from 1 to 2 epochs');
  });

  it('later has failed, and goes on from where it was', async () => {
    const { history, runId, extend } = await openWithRun();
    const checkpoint = history.checkpoints.get(runId) ?? new Uint8Array();
    const after = await extend([started(), { type: 'checkpoint', epoch: 2, step: 1, checkpoint }]);
    expect(after.status).toBe('failed');
    expect(after.config.training.epochs).toBe(2);
  });
});
