import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import Database from 'better-sqlite3';
import sharp from 'sharp';
import { readHere } from '../../support/commands.ts';
import { withSettings } from '../../support/settings.ts';
import { expect, it, onTestFinished } from 'vitest';
import { chooseExplainers } from '../../../src/core/explainers/options.ts';
import { dequantizeCamMap, reconstructCam } from '../../../src/core/maps/cam.ts';
import { presets } from '../../../src/core/config/presets.ts';
import { decodeSafetensors } from '../../../src/core/formats/safetensors.ts';
import { finishTask } from '../../../src/main/platform/longTask.ts';
import { openWorkbench, type Workbench } from '../../../src/main/workbench.ts';
import type { LongTaskProgress } from '../../../src/shared/longTask.ts';
import { makeFolder } from '../../support/digits.ts';

/** [classes, E, h, h] levels and [classes, E] scales as maps by class and epoch. */
async function readMaps(file: Blob): Promise<(k: number, epoch: number) => Float32Array> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { levels, scales } = decodeSafetensors(bytes, 'the maps').tensors;
  const [, epochs = 0, h = 0] = levels?.shape ?? [];
  const [all, tops] = [levels?.values as Uint8Array, scales?.values as Float32Array];
  return (k, epoch) => {
    const at = k * epochs + epoch;
    return dequantizeCamMap(all.subarray(at * h * h, (at + 1) * h * h), tops[at] ?? Number.NaN);
  };
}

type ExplainInput = Parameters<Workbench['api']['examples']['explain']>[0];

async function callExplain(workbench: Workbench, input: ExplainInput) {
  const stream = await workbench.api.examples.explain(input, {});
  const text = await finishTask(stream, () => undefined);
  const file = decodeSafetensors(Buffer.from(text, 'base64'), 'the maps');
  return { maps: file.tensors['maps']?.values, problems: file.metadata['problems'] };
}

const expectClose = (actual: Float32Array, expected: Float32Array): void => {
  // Both are stored in 8 bits; a rounding between them is one level.
  const step = Math.max(...expected) / 255;
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] ?? Number.NaN))).toBeLessThanOrEqual(1.01 * step + 1e-6);
  });
};

/** What was explained is not explained again, by whoever asks, until what it was made of is gone. */
async function checkKept(dataDir: string, runId: string, exampleId: number): Promise<void> {
  const workbench = await openWorkbench({ dataDir, jobs: 1 });
  const ask = (seed: number, ...texts: string[]) => {
    const methods = chooseExplainers(['layercam', 'smoothgrad'], texts);
    const query = { ...{ runId, exampleId, seed, methods }, epoch: 1, target: 3 } as const;
    return workbench.explanations.explain(query, {});
  };
  const [first, again, other, fewer] = [
    await ask(1),
    await ask(1),
    await ask(2),
    await ask(1, 'samples=9'),
  ];
  // To the last digit of the time that it took.
  expect(again).toEqual(first);
  expect(other[0]).toEqual(first[0]);
  for (const drawn of [other, fewer]) expect(drawn[1]?.map).not.toEqual(first[1]?.map);
  const before = await workbench.api.cache.info({}, {});
  expect(before.bytes).toBeGreaterThan(4 * 28 ** 2 * 4);
  await workbench.api.cache.clear({}, {});
  const anew = await ask(1);
  expect(anew.map(({ map }) => map)).toEqual(first.map(({ map }) => map));
  expect(anew[0]?.durationMs).not.toBe(first[0]?.durationMs);

  const database = new Database(join(dataDir, 'history.sqlite'));
  database.prepare('DELETE FROM weights WHERE epoch = 0').run();
  const missing = { ...{ runId, exampleId, seed: 1 }, target: 3 } as const;
  const methods = chooseExplainers(['layercam'], []);
  const explain = (epoch: number | 'all') =>
    workbench.explanations.explain({ ...missing, epoch, methods }, {});
  await expect(explain(0)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: `The weights of epoch 0 of run ${runId} are no longer stored.`,
    remedy: 'These epochs have theirs: 1.',
  });
  expect((await explain('all')).map(({ epoch }) => epoch)).toEqual([1]);
  const facts = { runId, epoch: 1, examples: 20 };
  const concepts = { ...facts, rule: 'epsilon', target: 'label' } as const;
  const table = await workbench.concepts.weigh(concepts, {});
  expect(table.relevance).toHaveLength(20 * 128);
  expect([...table.targets]).toEqual(
    Array.from(table.exampleIds, (id) => workbench.history.examples.getHistory(runId, id, 1).label),
  );
  database.prepare('DELETE FROM weights').run();
  expect(await workbench.concepts.weigh(concepts, {})).toEqual(table);
  await expect(
    workbench.concepts.weigh({ ...concepts, target: 'predicted', examples: 3 }, {}),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(workbench.concepts.weigh({ ...concepts, target: 11 }, {})).rejects.toThrow(
    'no class 11',
  );
  database.close();
  // What was kept of them still is; the rest has nothing to be made from.
  expect((await explain(1)).map(({ epoch }) => epoch)).toEqual([1]);
  await expect(ask(5)).rejects.toThrow(/no longer stored/);
  await workbench.api.runs.delete({ runIds: [runId] }, {});
  expect(await workbench.api.cache.info({}, {})).toMatchObject({ bytes: 0 });
  await workbench.close();
}

it('computes every class’s maps, those that the run stored among them', async () => {
  const dataDir = makeFolder();
  const workbench = await openWorkbench({ dataDir, jobs: 1 });
  let isOpen = true;
  onTestFinished(() => (isOpen ? workbench.close() : undefined));
  const small = { trainExamples: 200, testExamples: 30, epochs: 1 };
  const config = withSettings(presets['mnist-r'], small);
  const run = { name: 'small', experiment: 'small', config, seed: 3 };
  const [created] = await workbench.api.runs.create({ runs: [run], engine: 'wasm' }, {});
  await workbench.training.idle;
  const runId = created?.id ?? '';
  const { examples } = workbench.history;

  const listed = examples.getEpoch(runId, 1);
  const wrong = listed.exampleIds.find((_, i) => listed.labels[i] !== listed.predictedClasses[i]);
  const exampleId = wrong ?? listed.exampleIds[0] ?? 0;
  const stored = examples.getHistory(runId, exampleId);
  const mapOf = await readMaps(
    await workbench.api.examples.classMaps({ method: 'gradcam', runId, exampleId }, {}),
  );

  const cells = stored.mapSize ** 2;
  for (const [e, epoch] of stored.epochs.entries()) {
    expect(epoch).toBe(e);
    const at = (levels: Uint8Array): Uint8Array => levels.subarray(e * cells, (e + 1) * cells);
    const predicted = dequantizeCamMap(at(stored.predictedLevels), stored.predictedScales[e] ?? 0);
    expectClose(mapOf(stored.predictedClasses[e] ?? 0, e), predicted);
    const label = dequantizeCamMap(at(stored.labelLevels), stored.labelScales[e] ?? 0);
    expectClose(mapOf(stored.label, e), label);
  }

  const leaving = new AbortController();
  const waiting = workbench.api.examples.classMaps(
    { method: 'gradcam', runId, exampleId },
    { signal: leaving.signal },
  );
  leaving.abort();
  await expect(waiting).rejects.toThrow(/abort/i);
  await expect(
    workbench.api.examples.classMaps({ method: 'gradcam', runId, exampleId: 69_999 }, {}),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });

  const query = { runId, exampleId, seed: 1, target: 'label', epoch: 'all' } as const;
  const methods = chooseExplainers(['gradcam', 'kernel-shap'], ['samples=60', 'count=9']);
  const steps: LongTaskProgress[] = [];
  const onProgress = (step: LongTaskProgress): number => steps.push(step);
  const explained = await workbench.explanations.explain({ ...query, methods }, { onProgress });
  expect(explained.map(({ method, epoch }) => [method, epoch])).toEqual([
    ['gradcam', 0],
    ['kernel-shap', 0],
    ['gradcam', 1],
    ['kernel-shap', 1],
  ]);
  const ofLabel = stored.labelLevels.subarray(cells, 2 * cells);
  const shown = reconstructCam(dequantizeCamMap(ofLabel, 1), stored.mapSize, 28);
  explained[2]?.map.forEach((value, i) => {
    // Levels have 8 bits, and a resized map goes beyond its cells by less than a half.
    expect(Math.abs(value - (shown[i] ?? Number.NaN))).toBeLessThan(1.5 / 255);
  });
  expect(explained.every(({ targetClass }) => targetClass === stored.label)).toBe(true);
  expect(explained[3]?.map.some((value) => value < 0)).toBe(true);
  expect(steps.at(-1)).toMatchObject({ step: 'Kernel SHAP, epoch 1', total: 126, done: 126 });
  const given = new AbortController();
  const slow = chooseExplainers(['rise'], ['samples=100000']);
  const cancelled = workbench.explanations.explain(
    { ...query, methods: slow },
    { signal: given.signal, onProgress: () => given.abort() },
  );
  await expect(cancelled).rejects.toThrow(/abort/i);
  const many = chooseExplainers(['lime'], ['count=1000']);
  await expect(
    workbench.explanations.explain({ ...query, methods: many }, {}),
  ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message: /28 × 28 pixels has no 1000/ });

  // The others are maps of their own.
  const maps = Array.from({ length: 10 }, (_, k) => String(mapOf(k, 1)));
  expect(new Set(maps).size).toBeGreaterThan(5);

  // A call of the contract gives what the class's own one does.
  const call = { runId, exampleId, epoch: 1, target: stored.label, seed: 0 } as const;
  const gradcam = [{ name: 'gradcam', options: {} } as const];
  const { maps: called } = await callExplain(workbench, { ...call, methods: gradcam });
  expect(called).toEqual(explained[2]?.map);
  const beyond = { ...call, target: 10, methods: gradcam };
  await expect(callExplain(workbench, beyond)).rejects.toThrow('no class 10');

  isOpen = false;
  await workbench.close();
  const words = ['explain', '--run', 'small', '--example', String(exampleId), '--seed', '1'];
  const asked = [...words, '--method', 'gradcam,kernel-shap', '--class', 'label'];
  const options = ['--epoch', 'all', '--option', 'samples=60', '--option', 'count=9'];
  const { explanations } = (await readHere(dataDir, ...asked, ...options)) as {
    explanations: { method: string; epoch: number; map: number[][] }[];
  };
  expect(explanations.map(({ map }) => map.flat())).toEqual(explained.map(({ map }) => [...map]));
  const file = join(dataDir, 'maps.npz');
  expect(await readHere(dataDir, ...asked, ...options, '--out', file)).toMatchObject({ file });
  const entries = unzipSync(await readFile(file));
  const names = ['gradcam.npy', 'kernel-shap.npy', 'epochs.npy', 'target_classes.npy'];
  expect(Object.keys(entries)).toEqual(names);
  const bytes = entries['kernel-shap.npy']?.slice(-4 * 28 ** 2) ?? new Uint8Array(0);
  expect(new Float32Array(bytes.buffer)).toEqual(explained[3]?.map);
  const picture = join(dataDir, 'maps.png');
  await readHere(dataDir, ...asked, ...options, '--out', picture);
  // Two rows and two columns of maps, six times as large, with a gap.
  const { width, height } = await sharp(picture).metadata();
  expect([width, height]).toEqual([2 * 168 + 6, 2 * 168 + 6]);

  const told = (await readHere(
    dataDir,
    ...['concepts', '--run', 'small', '--epoch', 'all', '--class', '5', '--examples', '8'],
    ...['--channels', '3', '--images', '2'],
  )) as { concepts: { epoch: number; channels: { images: { relevance: number }[] }[] }[] };
  expect(told.concepts.map(({ epoch }) => epoch)).toEqual([0, 1]);
  for (const { channels } of told.concepts) {
    expect(channels).toHaveLength(3);
    for (const { images } of channels) {
      const [first, second] = images.map(({ relevance }) => relevance);
      expect(first).toBeGreaterThanOrEqual(second ?? Number.NaN);
    }
  }

  await checkKept(dataDir, runId, exampleId);
});

it('refuses a run that is not there', async () => {
  const workbench = await openWorkbench({ dataDir: makeFolder(), jobs: 1 });
  onTestFinished(() => workbench.close());
  const missing = workbench.api.examples.classMaps(
    { method: 'gradcam', runId: 'none', exampleId: 1 },
    {},
  );
  await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
