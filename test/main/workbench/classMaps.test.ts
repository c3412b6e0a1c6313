import { withSettings } from '../../support/settings.ts';
import { expect, it, onTestFinished } from 'vitest';
import { dequantizeCamMap } from '../../../src/core/maps/cam.ts';
import { presets } from '../../../src/core/config/presets.ts';
import { decodeSafetensors } from '../../../src/core/formats/safetensors.ts';
import { openWorkbench } from '../../../src/main/workbench.ts';
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

const expectClose = (actual: Float32Array, expected: Float32Array): void => {
  // Both are stored in 8 bits; a rounding between them is one level.
  const step = Math.max(...expected) / 255;
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] ?? Number.NaN))).toBeLessThanOrEqual(1.01 * step + 1e-6);
  });
};

it('computes every class’s maps, those that the run stored among them', async () => {
  const workbench = await openWorkbench({ dataDir: makeFolder(), jobs: 1 });
  onTestFinished(() => workbench.close());
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

  // The others are maps of their own.
  const maps = Array.from({ length: 10 }, (_, k) => String(mapOf(k, 1)));
  expect(new Set(maps).size).toBeGreaterThan(5);
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
