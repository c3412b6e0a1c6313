import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createCamReconstructor, dequantizeCamMap } from '../../../src/core/maps/cam.ts';
import { recordedMetricNames } from '../../../src/core/metrics/exampleMetrics.ts';
import { Random } from '../../../src/core/random.ts';
import type { DatasetContent } from '../../../src/core/formats/datasetFile.ts';
import type { EpochExamples } from '../../../src/shared/trainerEvents.ts';
import type * as tensorMeasures from '../../../src/main/learning/cam/tensorMeasures.ts';
import { openWasmEngine } from '../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { TrainingSession } from '../../../src/main/learning/session.ts';
import {
  evaluateTestImages,
  type TestEvaluation,
} from '../../../src/main/learning/testEvaluation.ts';
import { makeTinyDataset, makeTinyJob } from '../../support/tinyRun.ts';

// The engine computes one metric less, so that the evaluation measures it from the maps.
vi.mock('../../../src/main/learning/cam/tensorMeasures.ts', async (load) => {
  const actual = await load<typeof tensorMeasures>();
  const left = [...actual.tensorMeasures].filter(([name]) => name !== 'energyInside');
  return { ...actual, tensorMeasures: new Map(left) };
});

/** More than are evaluated at once, by a few. */
const count = 205;
/** Any order, and none twice: 2 has no divisor in common with 205. */
const ids = Uint32Array.from({ length: count }, (_, i) => (i * 2) % count);

let dataset: DatasetContent;
let session: TrainingSession;
let whole: TestEvaluation;
const told: [number, number][] = [];

beforeAll(async () => {
  dataset = makeTinyDataset(30, count);
  const engine = await openWasmEngine();
  session = new TrainingSession(engine, makeTinyJob().config, dataset);
  session.writeState(session.initialState(Random.fromSeed(6)));
  whole = await evaluate(ids, (batch, batches) => told.push([batch, batches]));
  return () => {
    session.close();
  };
});

const evaluate = (
  exampleIds: Uint32Array,
  tell: (batch: number, batches: number) => void = () => undefined,
): Promise<TestEvaluation> =>
  evaluateTestImages(session, dataset.test, exampleIds, (batch, batches) => {
    tell(batch, batches);
    return Promise.resolve();
  });

/** Everything of one image, its map as it is stored. */
function rowOf(examples: EpochExamples, at: number) {
  const { classes, mapSize, probabilities, camLevels, camScales, maskArea, measures } = examples;
  const cells = mapSize ** 2;
  return {
    id: examples.exampleIds[at],
    label: examples.labels[at],
    probabilities: probabilities.slice(at * classes, (at + 1) * classes),
    map: dequantizeCamMap(camLevels.slice(at * cells, (at + 1) * cells), camScales[at] ?? 0),
    maskArea: maskArea[at],
    measures: recordedMetricNames.map((name) => measures[name][at] ?? 0),
  };
}

describe('the evaluation of test images', () => {
  it('gives each image what it would have alone, whatever stands beside it', async () => {
    for (const at of [0, 1, 199, 200, 204]) {
      const alone = await evaluate(ids.slice(at, at + 1));
      const [row, expected] = [rowOf(whole.examples, at), rowOf(alone.examples, 0)];
      expect(row.id).toBe(ids[at]);
      expect(row.label).toBe(dataset.test.labels[ids[at] ?? 0]);
      expect(expected).toMatchObject({ id: row.id, label: row.label, maskArea: row.maskArea });
      row.probabilities.forEach((value, k) => {
        expect(value).toBeCloseTo(expected.probabilities[k] ?? NaN, 5);
      });
      const top = Math.max(...expected.map);
      row.map.forEach((value, k) => {
        expect(Math.abs(value - (expected.map[k] ?? NaN))).toBeLessThan(1.01 * (top / 255) + 1e-6);
      });
      row.measures.forEach((value, k) => {
        if (Number.isNaN(value)) expect(expected.measures[k]).toBeNaN();
        else expect(value).toBeCloseTo(expected.measures[k] ?? NaN, 3);
      });
    }
  });

  it('measures what the engine does not, from each map and its own image', () => {
    const { mapSize, measures } = whole.examples;
    const pixels = dataset.imageSize ** 2;
    const reconstruct = createCamReconstructor(mapSize, dataset.imageSize);
    for (const at of [0, 1, 2, 199, 200, 204]) {
      const cam = new Float32Array(pixels);
      reconstruct(rowOf(whole.examples, at).map, cam);
      const first = (ids[at] ?? 0) * pixels;
      const image = dataset.test.images.subarray(first, first + pixels);
      const inside = cam.filter((_, p) => (image[p] ?? 0) / 255 > 0.5);
      const [part, total] = [inside, cam].map((values) => values.reduce((sum, v) => sum + v, 0));
      // The map as it is stored, in 8 bits, and the one that was measured.
      const expected = (part ?? 0) / (total ?? 0);
      expect(Math.abs((measures.energyInside[at] ?? NaN) - expected)).toBeLessThan(0.01);
    }
  });

  it('measures by the masks that images came with, here and on the engine', async () => {
    const { imageSize, test } = dataset;
    const pixels = imageSize ** 2;
    // Of image k the k % 3 leftmost columns, so that those of the first are empty.
    const isInside = (p: number): boolean => p % imageSize < Math.floor(p / pixels) % 3;
    const masks = Uint8Array.from({ length: count * pixels }, (_, p) => Number(isInside(p)));
    const masked = { ...dataset, test: { ...test, masks } };
    const { config } = makeTinyJob({ 'cam.mask': 'dataset' });
    const own = new TrainingSession(await openWasmEngine(), config, masked);
    own.writeState(own.initialState(Random.fromSeed(6)));
    const few = Uint32Array.of(3, 4, 5, 7);
    const { examples } = await evaluateTestImages(own, masked.test, few, () => Promise.resolve());
    own.close();
    const areas = [0, 1, 2, 1].map((columns) => columns / imageSize);
    expect([...examples.maskArea]).toEqual(areas);
    const reconstruct = createCamReconstructor(examples.mapSize, imageSize);
    const cam = new Float32Array(pixels);
    few.forEach((id, at) => {
      const energy = examples.measures.energyInside[at] ?? NaN;
      const iou = examples.measures.iou[at] ?? NaN;
      if (id % 3 === 0) {
        expect([energy, iou]).toEqual([NaN, NaN]);
        return;
      }
      reconstruct(rowOf(examples, at).map, cam);
      const sum = (which: (value: number, p: number) => boolean): number =>
        cam.reduce((total, value, p) => total + (which(value, p) ? value : 0), 0);
      const inside = (p: number): boolean => isInside(id * pixels + p);
      expect(Math.abs(energy - sum((_, p) => inside(p)) / sum(() => true))).toBeLessThan(0.01);
      const hot = [...cam.keys()].filter((p) => (cam[p] ?? 0) > 0.5);
      const both = hot.filter(inside).length;
      const either = hot.length + (areas[at] ?? 0) * pixels - both;
      expect(Math.abs(iou - both / either)).toBeLessThan(0.03);
    });
  });

  it('means the cross-entropy over all images, those that fill up a batch left out', () => {
    const { probabilities, labels, classes } = whole.examples;
    const losses = Array.from(
      labels,
      (label, i) => -Math.log(probabilities[i * classes + label] ?? 0),
    );
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / count;
    expect(whole.crossEntropy).toBeCloseTo(mean, 4);
  });

  it('maps for its label every image whose prediction is another, and no other image', async () => {
    const { labelMaps, probabilities, labels, classes, mapSize } = whole.examples;
    const wrong = [...labels.keys()].filter((i) => {
      const row = probabilities.slice(i * classes, (i + 1) * classes);
      return row[labels[i] ?? 0] !== Math.max(...row);
    });
    expect(wrong.length).toBeGreaterThan(0);
    expect(wrong.length).toBeLessThan(count);
    expect([...labelMaps.positions]).toEqual(wrong);
    expect(labelMaps.camLevels).toHaveLength(wrong.length * mapSize ** 2);
    // The last one as it is when it is evaluated alone.
    const last = wrong.length - 1;
    const alone = await evaluate(ids.slice(wrong[last], (wrong[last] ?? 0) + 1));
    expect(alone.examples.labelMaps.positions).toEqual(Uint32Array.of(0));
    const scale = alone.examples.labelMaps.camScales[0] ?? 0;
    expect(labelMaps.camScales[last]).toBeCloseTo(scale, 5);
  });

  it('tells of each batch, and between those of the labels’ maps as well', () => {
    expect(told.slice(0, 2)).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(told.length).toBeGreaterThan(2);
    expect(told.slice(2).every(([batch, batches]) => batch === 2 && batches === 2)).toBe(true);
  });
});
