import { paradigmOf } from '../../../src/core/config/objectives.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { reconstructCam } from '../../../src/core/maps/cam.ts';
import {
  camFrameSchema,
  datasetRecordSchema,
  exampleSchema,
  type Example,
} from '../../../src/core/records.ts';
import { decodeSafetensors } from '../../../src/core/formats/safetensors.ts';
import { readJson } from '../../support/cli.ts';
import { importDigits, readHere, runHere } from '../../support/commands.ts';
import { makeFolder, makeTemporaryFolder, removeFolder, shortRun } from '../../support/digits.ts';
import { readNumbers, readRuns } from '../../support/storedRun.ts';
import {
  runDocumentSchema,
  summaryDocumentSchema,
  type RunDocument,
} from '../../../src/main/export/runDocument.ts';

const runsSchema = z.strictObject({ runs: z.array(runDocumentSchema) });
const changedSchema = z.strictObject({ runs: z.array(summaryDocumentSchema) });
const examplesSchema = z.strictObject({ examples: z.array(exampleSchema) });
const framesSchema = z.strictObject({ frames: z.array(camFrameSchema) });

const dataDir = makeTemporaryFolder();
let runs: RunDocument[] = [];
const runOf = (paradigm: 'C' | 'R'): RunDocument => {
  const run = runs.find((one) => one.paradigm === paradigm);
  if (run === undefined) throw new Error(`no run of paradigm ${paradigm}`);
  return run;
};

const listExamples = async (run: RunDocument, ...words: string[]): Promise<Example[]> =>
  examplesSchema.parse(await readHere(dataDir, 'examples', '--run', run.id, ...words)).examples;

beforeAll(async () => {
  await importDigits(dataDir, 300, 100);
  const both = ['--preset', 'mnist-c,mnist-r', '--jobs', '2', '--experiment', 'pair'];
  runs = runsSchema.parse(await readJson(dataDir, ...shortRun('tried', 2), ...both)).runs;
}, 60_000);
afterAll(() => {
  removeFolder(dataDir);
});

describe('runs', () => {
  it('are told in full by train, list and show alike', async () => {
    expect(runs.map(({ name, status }) => [name, status])).toEqual([
      ['tried mnist-c', 'completed'],
      ['tried mnist-r', 'completed'],
    ]);
    for (const { epochs, bestEpoch, config } of runs) {
      expect(epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
      expect(epochs[0]).toMatchObject({
        trainLoss: null,
        learningRate: null,
        imagesPerSecond: null,
      });
      const losses = epochs.slice(1).map(({ validationLoss }) => validationLoss ?? Infinity);
      expect(bestEpoch).toBe(1 + losses.indexOf(Math.min(...losses)));
      expect(epochs[1]?.contrastive === null).toBe(paradigmOf(config) === 'C');
    }
    const listed = runsSchema.parse(await readHere(dataDir, 'runs', 'list')).runs;
    expect(listed).toEqual(runs.toReversed());
    const shown = runDocumentSchema.parse(await readHere(dataDir, 'runs', 'show', 'tried mnist-r'));
    expect(shown).toEqual(runOf('R'));
    expect(shown.paradigm).toBe('R');
  });

  it('are tagged, noted, renamed, binned and brought back', async () => {
    const { id } = runOf('C');
    const change = async (...words: string[]): Promise<unknown> =>
      changedSchema.parse(await readHere(dataDir, 'runs', ...words)).runs[0];
    const tagged = await change('tag', id, '--add', 'good', '--add', 'seen', '--remove', 'absent');
    expect(tagged).toMatchObject({ tags: ['good', 'seen'] });
    expect(await change('tag', id, '--remove', 'seen')).toMatchObject({ tags: ['good'] });
    expect(await change('note', id, '**why**')).toMatchObject({ note: '**why**' });
    expect(await change('rename', id, 'control')).toMatchObject({ name: 'control' });

    const find = async (...words: string[]): Promise<string[]> =>
      runsSchema.parse(await readHere(dataDir, 'runs', 'list', ...words)).runs.map((run) => run.id);
    expect(await find('--tag', 'good')).toEqual([id]);
    expect(await find('--text', 'why')).toEqual([id]);
    expect(await find('--experiment', 'pair')).toHaveLength(2);
    expect(await find('--experiment', 'other')).toEqual([]);

    expect(await change('delete', 'control')).toMatchObject({ id });
    expect(await find()).toEqual([runOf('R').id]);
    expect(await find('--deleted')).toEqual([id]);
    await change('restore', id);
    expect(await find()).toHaveLength(2);
    await change('rename', id, runOf('C').name);
  });

  it('go in a bundle to another machine with all their numbers', async () => {
    const other = makeFolder();
    const bundle = join(other, 'two.afterimage');
    const ids = runs.map(({ id }) => id);
    const exported = await readHere(dataDir, 'runs', 'export', ...ids, '--out', bundle);
    expect(exported).toEqual({ exported: ids, format: 'bundle', file: bundle, files: [bundle] });
    const imported = await readHere(other, 'runs', 'import', bundle);
    expect(imported).toMatchObject({ imported: ids, skipped: [], inBin: [] });
    const again = await readHere(other, 'runs', 'import', bundle);
    expect(again).toMatchObject({ imported: [], skipped: ids, inBin: [] });
    expect(readRuns(other)).toEqual(readRuns(dataDir));
    for (const id of ids) expect(readNumbers(other, id)).toEqual(readNumbers(dataDir, id));
    expect((await runHere(other, 'verify')).code).toBe(0);
  });
});

const filters: Record<string, (example: Example, threshold: number) => boolean> = {
  all: () => true,
  misclassified: ({ correct }) => !correct,
  'low-confidence': ({ confidence }, threshold) => confidence < threshold,
  'true-low-confidence': ({ correct, confidence }, threshold) => correct && confidence < threshold,
  'confident-misclassified': ({ correct, confidence }, threshold) =>
    !correct && confidence >= threshold,
};

describe('examples', () => {
  let all: Example[] = [];
  beforeAll(async () => {
    all = await listExamples(runOf('R'));
  });

  it('are of the best epoch unless told, and agree with its metrics', async () => {
    const { bestEpoch, epochs, config } = runOf('R');
    expect(new Set(all.map(({ epoch }) => epoch))).toEqual(new Set([bestEpoch]));
    for (const metrics of epochs) {
      const examples = await listExamples(runOf('R'), '--epoch', String(metrics.epoch));
      const count = (keep: (example: Example) => boolean): number => examples.filter(keep).length;
      const mean = (key: 'inputCorrelation' | 'energyInside' | 'iou'): number => {
        const values = examples.flatMap((example) => example[key] ?? []);
        return values.reduce((a, b) => a + b, 0) / values.length;
      };
      expect(metrics.testAccuracy).toBeCloseTo(count(({ correct }) => correct) / 100, 12);
      expect(metrics.falsePredictions).toBe(count(({ correct }) => !correct));
      const isUnsure = ({ confidence }: Example): boolean =>
        confidence < config.evaluation.lowConfidenceThreshold;
      expect(metrics.trueLowConfidence).toBe(count((e) => e.correct && isUnsure(e)));
      for (const key of ['inputCorrelation', 'energyInside', 'iou'] as const) {
        expect(metrics[key]).toBeCloseTo(mean(key), 6);
      }
      const crossEntropy =
        -examples.reduce((sum, e) => sum + Math.log(e.probabilities[e.label] ?? 0), 0) / 100;
      expect(metrics.testCrossEntropy).toBeCloseTo(crossEntropy, 4);
    }
  });

  it('say what follows from their probabilities', () => {
    expect(all).toHaveLength(100);
    for (const { probabilities, predictedClass, label, ...example } of all) {
      const [first = 0, second = 0] = probabilities.toSorted((a, b) => b - a);
      expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      expect(predictedClass).toBe(probabilities.indexOf(first));
      expect(example.correct).toBe(predictedClass === label);
      expect(example.confidence).toBe(first);
      expect(example.confidenceMargin).toBeCloseTo(first - second, 6);
    }
  });

  it.each([
    { names: ['misclassified'], threshold: 0.6 },
    { names: ['low-confidence'], threshold: 0.6 },
    { names: ['true-low-confidence'], threshold: 0.3 },
    { names: ['confident-misclassified'], threshold: 0.2 },
    { names: ['misclassified', 'low-confidence'], threshold: 0.25 },
  ])('pass $names below $threshold as defined', async ({ names, threshold }) => {
    const words = ['--filter', names.join(','), '--threshold', String(threshold)];
    const found = await listExamples(runOf('R'), ...words);
    expect(found).toEqual(
      all.filter((example) => names.every((name) => filters[name]?.(example, threshold))),
    );
    expect(found.length).toBeGreaterThan(0);
  });

  it('are chosen by class, sorted and limited', async () => {
    const sevens = await listExamples(runOf('R'), '--class', '7');
    expect(sevens).toEqual(all.filter(({ label }) => label === 7));
    const words = ['--sort', 'inputCorrelation', '--descending', '--limit', '7'];
    const found = await listExamples(runOf('R'), ...words);
    const sorted = all.toSorted(
      (a, b) =>
        (b.inputCorrelation ?? -2) - (a.inputCorrelation ?? -2) || a.exampleId - b.exampleId,
    );
    expect(found).toEqual(sorted.slice(0, 7));
  });

  it.each(['predicted', 'label'] as const)(
    'have a map of their %s class each epoch',
    async (of) => {
      const wrong = all.find(({ correct }) => !correct);
      const exampleId = String(wrong?.exampleId);
      const words = ['cam', '--run', runOf('R').id, '--example', exampleId, '--class', of];
      const { frames } = framesSchema.parse(await readHere(dataDir, ...words, '--epoch', 'all'));
      expect(frames.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
      for (const frame of frames) {
        const map = Float32Array.from(frame.map.flat());
        const scale = Math.max(...map);
        expect([frame.map.length, frame.cam.length]).toEqual([7, 28]);
        for (const value of map) {
          const level = (value / scale) * 255;
          expect(Math.abs(level - Math.round(level))).toBeLessThan(1e-3);
        }
        expect(frame.cam.flat()).toEqual([...reconstructCam(map, 7, 28)]);
        expect(frame.targetClass).toBe(of === 'label' ? wrong?.label : frame.predictedClass);
      }
      const { bestEpoch } = runOf('R');
      const [best] = framesSchema.parse(await readHere(dataDir, ...words)).frames;
      expect(best).toEqual(frames.find(({ epoch }) => epoch === bestEpoch));
      expect(best).toMatchObject({
        confidence: wrong?.confidence,
        predictedClass: wrong?.predictedClass,
      });
    },
  );
});

it('writes weights by name in TensorFlow layouts', async () => {
  const file = join(makeFolder(), 'w.safetensors');
  const { id, seed } = runOf('R');
  const written = await readHere(dataDir, 'weights', '--run', id, '--epoch', '2', '--out', file);
  const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
  expect(written).toEqual({ runId: id, epoch: 2, file, sha256 });
  const { tensors, metadata } = decodeSafetensors(await readFile(file), file);
  const shapes = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape }]) => [name, shape]),
  );
  const block = (b: number, inputs: number, outputs: number): Record<string, number[]> => ({
    [`conv${b}/kernel`]: [3, 3, inputs, outputs],
    ...Object.fromEntries(
      [`conv${b}/bias`, ...['gamma', 'beta', 'mean', 'variance'].map((p) => `bn${b}/${p}`)].map(
        (name) => [name, [outputs]],
      ),
    ),
  });
  expect(shapes).toEqual({
    ...block(1, 1, 32),
    ...block(2, 32, 64),
    ...block(3, 64, 128),
    'dense1/kernel': [1152, 256],
    'dense1/bias': [256],
    'dense2/kernel': [256, 10],
    'dense2/bias': [10],
  });
  const trained = Object.entries(tensors).filter(([name]) => !/mean|variance/.test(name));
  expect(trained.reduce((sum, [, { values }]) => sum + values.length, 0)).toBe(390_858);
  expect(metadata).toMatchObject({ runId: id, seed: String(seed), epoch: '2' });
});

describe('tables', () => {
  const table = async (which: '1' | '2', format: string): Promise<string> => {
    const ids = runs.map(({ id }) => id.slice(0, 8)).join(',');
    const words = ['table', '--which', which, '--runs', ids, '--format', format];
    const { code, stdout, stderr } = await runHere(dataDir, ...words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  const best = (run: RunDocument): RunDocument['epochs'][number] | undefined =>
    run.epochs.find(({ epoch }) => epoch === run.bestEpoch);

  it('hold the same figures in every format', async () => {
    const { rows } = JSON.parse(await table('1', 'json')) as { rows: Record<string, unknown>[] };
    expect(rows).toMatchObject(
      runs.map((run) => ({
        run: run.name,
        paradigm: paradigmOf(run.config),
        dataset: 'digits',
        epoch: run.bestEpoch,
        // With the digits that it has: 98.57, not 98.57000000000001.
        testAccuracy: Number(((best(run)?.testAccuracy ?? 0) * 100).toPrecision(15)),
        falsePredictions: best(run)?.falsePredictions,
        trueLowConfidence: best(run)?.trueLowConfidence,
        inputCorrelation: best(run)?.inputCorrelation,
      })),
    );
    const [, ...lines] = (await table('1', 'csv')).trimEnd().split('\r\n');
    expect(lines.map((line) => line.split(','))).toEqual(
      rows.map((row) => Object.values(row).map(String)),
    );
    for (const [format, minus] of [
      ['md', '−'],
      ['tex', '\\ensuremath{-}'],
    ] as const) {
      const text = await table('1', format);
      for (const run of runs) {
        expect(text).toContain(best(run)?.inputCorrelation?.toFixed(3).replace('-', minus));
        expect(text).toContain(((best(run)?.testAccuracy ?? 0) * 100).toFixed(2));
      }
    }
  });

  it('tell the size and the cost', async () => {
    const { rows } = JSON.parse(await table('2', 'json')) as { rows: Record<string, unknown>[] };
    const milliseconds = (run: RunDocument): number =>
      run.epochs.slice(1).reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
    expect(rows).toMatchObject(
      runs.map((run) => ({
        parametersK: 390.858,
        macsM: 7.748608,
        epochs: 2,
        secondsPerEpoch: expect.closeTo(milliseconds(run) / 2000, 6) as number,
        totalMinutes: expect.closeTo(milliseconds(run) / 60_000, 6) as number,
        engine: `wasm, ${run.engine?.device ?? ''}`,
      })),
    );
    expect(await table('2', 'tex')).toContain('390.86');
    expect(await table('2', 'md')).toContain('7.75');
  });
});

it('tells the data sets', async () => {
  const { datasets } = z
    .strictObject({ datasets: z.array(datasetRecordSchema) })
    .parse(await readHere(dataDir, 'datasets', 'list'));
  expect(datasets).toMatchObject([{ name: 'digits', imageSize: 28 }]);
  const [digits] = datasets;
  expect(digits?.trainCounts.reduce((a, b) => a + b)).toBe(300);
  expect(digits?.testCounts.reduce((a, b) => a + b)).toBe(100);
  expect(Object.keys(digits?.sourceChecksums ?? {})).toHaveLength(4);
});

it('tells the size of the network', async () => {
  const summary = await readHere(dataDir, 'summary');
  expect(summary).toMatchObject({ parameters: 390_858, macs: 7_748_608, paperFlops: 16.53e6 });
});

it('ends quietly where the reader of its output has seen enough', async () => {
  const { spawn } = await import('node:child_process');
  const words = ['src/main/cli.ts', '--data-dir', dataDir, 'examples', '--run', runOf('R').id];
  const child = spawn(process.execPath, [...words, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
