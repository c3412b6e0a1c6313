import { type Changes } from '../../support/settings.ts';
import { describe, expect, it } from 'vitest';
import {
  comparisonQuerySchema,
  metricTableQuerySchema,
  tableDocumentSchema,
} from '../../../src/core/statistics/comparison.ts';
import type { LongTaskProgress } from '../../../src/shared/longTask.ts';
import { reconstructCam } from '../../../src/core/maps/cam.ts';
import { derivedMetricNames } from '../../../src/core/metrics/exampleMetrics.ts';
import { createMapMeasures } from '../../../src/core/metrics/mapMeasures.ts';
import { exampleQuerySchema } from '../../../src/core/records.ts';
import type { Workbench } from '../../../src/main/workbench.ts';
import { finishTask, compute } from '../../../src/main/platform/longTask.ts';
import { errorOf } from '../store/fixtures.ts';
import { finishRun, makeWorkbench, playEpochs, squares } from './playedWorkbench.ts';

type Played = Awaited<ReturnType<typeof makeWorkbench>>;

/** A completed run with epochs 0 to 2 on test images of 2 x 2 pixels. */
async function play({ workbench, next }: Played, seed: number, config: Changes): Promise<string> {
  const name = `${config.paradigm ?? 'C'} ${seed}`;
  const wanted = { ...squares({ testExamples: 12, ...config }), name, seed };
  const [run] = await workbench.api.runs.create({ runs: [wanted], engine: 'wasm' }, {});
  const trainer = await next();
  playEpochs(trainer, 2);
  await finishRun(workbench, trainer);
  return run?.id ?? '';
}

async function compare(
  { api }: Workbench,
  runIds: string[],
  epoch: 'best' | 'last' | number = 'best',
) {
  const query = comparisonQuerySchema.parse({ runIds, epoch });
  const steps: LongTaskProgress[] = [];
  const stream = await api.statistics.compare(query, {});
  return { steps, result: await finishTask(stream, (step) => steps.push(step)) };
}

async function writeTable({ api }: Workbench, query: object): Promise<string> {
  const parsed = metricTableQuerySchema.parse({ format: 'json', ...query });
  return finishTask(await api.statistics.metricTable(parsed, {}), () => undefined);
}

describe('metrics of stored maps', () => {
  it('are listed and sorted by, as computed from the maps and the images', async () => {
    const played = await makeWorkbench();
    const { workbench } = played;
    const runId = await play(played, 1, {});
    const query = { runId, epoch: 1, sort: 'absoluteDistance', descending: true };
    const examples = await workbench.api.examples.list(exampleQuerySchema.parse(query), {});
    const distances = examples.map(({ absoluteDistance }) => absoluteDistance ?? -1);
    expect(distances).toEqual(distances.toSorted((a, b) => b - a));
    const { images } = (
      await workbench.library.load((await workbench.library.resolve('squares')).record)
    ).test;
    for (const { exampleId, ...metrics } of examples) {
      const [frame] = workbench.history.examples.listFrames(runId, exampleId, 1, 'predicted');
      if (frame === undefined) throw new Error('no frame');
      const map = Float32Array.from(frame.levels, (level) => (level / 255) * frame.scale);
      const cam = reconstructCam(map, frame.mapSize, 8);
      const image = Float32Array.from(
        images.subarray(64 * exampleId, 64 * exampleId + 64),
        (x) => x / 255,
      );
      const expected = createMapMeasures(derivedMetricNames, 8)(cam, image);
      expect(metrics.absoluteDistance).toBeCloseTo(expected.absoluteDistance, 6);
      expect(metrics.squaredDistance).toBeCloseTo(expected.squaredDistance, 6);
      expect(metrics.pointing ?? Number.NaN).toBe(expected.pointing);
      // The window of SSIM does not fit into 2 x 2 pixels.
      expect(metrics.ssim).toBeNull();
    }
  });

  it('are not there unless asked for', async () => {
    const played = await makeWorkbench();
    const runId = await play(played, 1, {});
    const list = (query: object) =>
      played.workbench.api.examples.list(exampleQuerySchema.parse({ runId, ...query }), {});
    expect((await list({}))[0]).not.toHaveProperty('pointing');
    expect((await list({ mapMetrics: true }))[0]).toHaveProperty('pointing');
  });
});

describe('a comparison', () => {
  it('of two runs is of the epoch asked for, and ends where it is cancelled', async () => {
    const played = await makeWorkbench();
    const { workbench } = played;
    const runIds = [await play(played, 1, {}), await play(played, 1, { paradigm: 'R' })];
    const { result, steps } = await compare(workbench, runIds, 1);
    expect(result).toMatchObject({
      ...{ kind: 'examples', examples: 12, resamples: 10_000, bootstrapSeed: 1 },
      a: { label: 'C', runs: [{ name: 'C 1', epoch: 1 }] },
      b: { label: 'R', runs: [{ name: 'R 1', epoch: 1 }] },
    });
    // Both runs were played alike.
    expect(result.metrics.find(({ metric }) => metric === 'squaredDistance')).toMatchObject({
      difference: 0,
    });
    // No pixel of these images is above 0.5.
    expect(result.metrics.find(({ metric }) => metric === 'pointing')).toMatchObject({
      ...{ n: 0, excluded: 12, test: null },
    });
    expect(steps.some(({ step }) => step === 'Bootstrap')).toBe(true);
    const abort = new AbortController();
    const query = comparisonQuerySchema.parse({ runIds });
    const stream = await workbench.api.statistics.compare(query, { signal: abort.signal });
    abort.abort();
    const ended = errorOf(() => finishTask(stream, () => undefined));
    expect((await ended).name).toBe('AbortError');
  });

  it('is of the metrics named, and of two runs of such that single images have', async () => {
    const played = await makeWorkbench();
    const runIds = [await play(played, 1, {}), await play(played, 1, { paradigm: 'R' })];
    const compareBy = async (metrics: string[]) => {
      const query = comparisonQuerySchema.parse({ runIds, metrics });
      const stream = await played.workbench.api.statistics.compare(query, {});
      return finishTask(stream, () => undefined);
    };
    const { metrics } = await compareBy(['testAccuracy', 'confidence']);
    expect(metrics.map(({ metric }) => metric)).toEqual(['confidence']);
    expect(await errorOf(() => compareBy(['iou', 'testCrossEntropy']))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(
        'testCrossEntropy is not a metric of single images',
      ) as string,
    });
  });

  it('of more runs is by seed', async () => {
    const played = await makeWorkbench();
    const runIds = [];
    for (const [seed, paradigm] of [
      [1, 'C'],
      [2, 'C'],
      [2, 'R'],
      [1, 'R'],
    ] as const) {
      runIds.push(await play(played, seed, { paradigm }));
    }
    const { result } = await compare(played.workbench, runIds, 'last');
    expect(result).toMatchObject({
      ...{ kind: 'seeds', seeds: [1, 2] },
      a: {
        label: 'C',
        runs: [
          { name: 'C 1', epoch: 2 },
          { name: 'C 2', epoch: 2 },
        ],
      },
      b: { label: 'R', runs: [{ name: 'R 1' }, { name: 'R 2' }] },
    });
    expect(result.warnings[0]).toContain('2 seeds are too few');
  });

  it('refuses other images and epochs that are not there', async () => {
    const played = await makeWorkbench();
    const { workbench } = played;
    const here = await play(played, 1, {});
    const fewer = await play(played, 1, { testExamples: 8 });
    const others = await play(played, 1, { splitSeed: 99 });
    const attempt = (...runIds: string[]) => errorOf(() => compare(workbench, runIds));
    expect(await attempt(here, fewer)).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'C 1 was tested on 12 images and C 1 on 8 that are not the same ones.',
    });
    expect(await attempt(here, others)).toMatchObject({
      message: expect.stringContaining('not the same ones') as string,
    });
    const missing = errorOf(() => compare(workbench, [here, fewer], 7));
    expect(await missing).toMatchObject({ code: 'INVALID_ARGUMENT' });
    const [r] = [await play(played, 1, { paradigm: 'R' })];
    expect(await errorOf(() => compare(workbench, [here, r], 7))).toMatchObject({
      code: 'NOT_FOUND',
      message: 'Run C 1 has no epoch 7.',
    });
  });
});

describe('metrics of epochs', () => {
  it('are computed of each run at the epoch named, and calibration from the same probabilities', async () => {
    const played = await makeWorkbench();
    const { workbench } = played;
    const [a, b] = [await play(played, 1, {}), await play(played, 2, {})];
    const runs = [
      { runId: a, epoch: 2 },
      { runId: b, epoch: 0 },
    ];
    const stream = await workbench.api.statistics.measures(
      { runs, metrics: ['calibrationError', 'confidence', 'testAccuracy'] },
      {},
    );
    const measured = await finishTask(stream, () => undefined);
    const calibrations = await workbench.api.statistics.calibration({ runs, bins: 15 }, {});
    for (const [i, { runId, epoch }] of runs.entries()) {
      const { labels, probabilities, classes } = workbench.history.examples.getEpoch(runId, epoch);
      const rows = Array.from(labels, (label, row) => {
        const own = [...probabilities.subarray(row * classes, (row + 1) * classes)];
        return { confidence: Math.max(...own), right: own.indexOf(Math.max(...own)) === label };
      });
      const bins = Map.groupBy(rows, ({ confidence }) => Math.min(14, Math.floor(confidence * 15)));
      const error = [...bins.values()].reduce(
        (sum, bin) =>
          sum +
          Math.abs(bin.reduce((gap, { confidence, right }) => gap + Number(right) - confidence, 0)),
        0,
      );
      expect(measured[i]?.calibrationError).toBeCloseTo(error / rows.length, 6);
      expect(calibrations[i]?.expectedError).toBe(measured[i]?.calibrationError);
      expect(measured[i]).toHaveProperty('testAccuracy');
      expect(measured[i]).not.toHaveProperty('iou');
    }
  });
});

describe('a table of metrics', () => {
  it('is over runs or groups of seeds, in any order of metrics', async () => {
    const played = await makeWorkbench();
    const { workbench } = played;
    const runIds = [await play(played, 1, {}), await play(played, 2, {})];
    const metrics = ['pointing', 'testAccuracy'];
    const runs = tableDocumentSchema.parse(
      JSON.parse(await writeTable(workbench, { runIds, metrics })),
    );
    expect(runs.columns.map(({ key }) => key).slice(-3)).toEqual([
      ...['pointing', 'pointingN', 'testAccuracy'],
    ]);
    expect(runs.rows).toMatchObject([
      { run: 'C 1', seed: 1, testAccuracy: 95 },
      { run: 'C 2', seed: 2, testAccuracy: 95 },
    ]);
    const seeds = await writeTable(workbench, { runIds, metrics, group: 'seeds' });
    expect(tableDocumentSchema.parse(JSON.parse(seeds)).rows).toMatchObject([
      {
        group: 'C',
        n: 2,
        testAccuracy: 95,
        testAccuracyDeviation: 0,
        testAccuracyLow: 95,
        testAccuracyHigh: 95,
      },
    ]);
    const fields = ['testAccuracy', 'run'];
    const csv = await writeTable(workbench, { runIds, metrics, fields, format: 'csv' });
    expect(csv).toBe('testAccuracy,run\r\n95,C 1\r\n95,C 2\r\n');
    const placed = { runIds, metrics, layout: 'columns', venue: 'lncs', format: 'tex' };
    expect(await writeTable(workbench, placed)).toContain('Run & C 1 & C 2');
    const again = await play(played, 2, {});
    const twice = errorOf(() =>
      writeTable(workbench, { runIds: [...runIds, again], group: 'seeds' }),
    );
    expect(await twice).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('a computation in slices', () => {
  it('lets the process do other things in between', async () => {
    let others = 0;
    const other = setInterval(() => (others += 1), 0);
    function* busy(): Generator<number, string, void> {
      for (let done = 1; done <= 60; done += 1) {
        const end = performance.now() + 1;
        while (performance.now() < end);
        yield done;
      }
      return 'done';
    }
    const steps: number[] = [];
    const result = await compute(
      busy(),
      { step: 'Busy', total: 60 },
      { onProgress: ({ done }) => steps.push(done) },
    );
    clearInterval(other);
    expect(result).toBe('done');
    expect(steps.length).toBeGreaterThan(2);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(others).toBeGreaterThan(2);
  });
});
