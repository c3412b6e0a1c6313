import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Run } from '../../../src/core/records.ts';
import { decodeSafetensors } from '../../../src/core/formats/safetensors.ts';
import { openWasmEngine } from '../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { openHistory } from '../../../src/main/store/history.ts';
import { readHere, runHere } from '../../support/commands.ts';
import { withHistory } from '../../support/storedRun.ts';
import { contents, keepDataset, storeTrainedRun } from '../../support/trainedHistory.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'afterimage-weights-'));
const weights = join(dataDir, 'w.safetensors');
let trained: string;

beforeAll(async () => {
  const history = openHistory({ dataDir, version: 'test' });
  const dataset = contents.grey;
  const record = await keepDataset(history, dataDir, 'grey', dataset);
  const run = { name: 'trained', changes: { epochs: 1 }, record, dataset };
  trained = await storeTrainedRun(history, await openWasmEngine(), run);
  history.close();
  await readHere(dataDir, 'weights', '--run', trained, '--out', weights);
}, 60_000);

afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

const given = ['runs', 'import-weights', weights, '--model', 'paper-cnn', '--data-set', 'grey'];

it('evaluates imported weights to the bit as the run that they come from was', async () => {
  const { runs } = (await readHere(dataDir, ...given, '--name', 'mine')) as { runs: Run[] };
  const [{ id, note, ...run }] = runs as [Run];
  expect(run).toMatchObject({ name: 'mine', status: 'completed', bestEpoch: 1 });
  expect(note).toMatch(/^Weights of w\.safetensors \(SHA-256 [0-9a-f]{64}\), imported as epoch 1/);
  withHistory(dataDir, (history) => {
    const [own, source] = [id, trained].map((runId) => ({
      ...{
        ...history.examples.getEpoch(runId, 1),
        labelMaps: history.examples.listFrames(runId, 3, 1, 'label'),
      },
      weights: decodeSafetensors(history.weights.get(runId, 1).weights, 'the weights').tensors,
    }));
    expect(own).toEqual(source);
    const [untrained, imported] = history.epochs.list(id);
    const of = history.epochs.get(trained, 1);
    expect(imported).toMatchObject({
      ...{ epoch: 1, trainLoss: null, learningRate: null },
      ...{ testAccuracy: of.testAccuracy, testCrossEntropy: of.testCrossEntropy },
      ...{ falsePredictions: of.falsePredictions, mapMeans: of.mapMeans, zeroMaps: of.zeroMaps },
    });
    expect(untrained).toMatchObject({ epoch: 0, testImages: 12 });
    expect(untrained?.testCrossEntropy).not.toBe(imported?.testCrossEntropy);
    expect(history.checkpoints.get(id)).toBeNull();
  });
});

it('makes runs that can be compared and explained', async () => {
  const { code, stdout } = await runHere(dataDir, 'compare', '--runs', 'mine,trained');
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('12 test images') as string,
  });
  const explained = await readHere(
    dataDir,
    ...['explain', '--run', 'mine', '--example', '2', '--method', 'gradcam'],
  );
  expect(explained).toMatchObject({ explanations: [{ method: 'gradcam', epoch: 1 }] });
});

it('stores nothing of weights that do not fit', async () => {
  const names = join(dataDir, 'names.json');
  const refusal = async (...words: string[]): Promise<string> => {
    const { code, stderr } = await runHere(dataDir, ...given, ...words);
    expect(code).toBe(2);
    return stderr;
  };
  expect(await refusal('--set', 'pooling=1')).toMatch(
    /dense1\/kernel in .*w\.safetensors is \[128, 256\], where dense1\/kernel is \[2048, 256\]/,
  );
  writeFileSync(names, '{"conv9": "features.0"}');
  expect(await refusal('--names', names)).toContain('The names have conv9');
  writeFileSync(names, '["features.0"]');
  expect(await refusal('--names', names)).toContain('names.json is not a JSON object of names.');
  expect(await refusal('--set', 'pooling=1,2')).toContain('pooling=1,2 makes 2 runs of one file.');
  expect(withHistory(dataDir, (history) => history.runs.list().map(({ name }) => name))).toEqual([
    'mine',
    'trained',
  ]);
});
