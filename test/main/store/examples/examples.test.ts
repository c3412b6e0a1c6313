import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { byName, recordedMetricNames } from '../../../../src/core/metrics/exampleMetrics.ts';
import {
  exampleFilterSchema,
  exampleQuerySchema,
  exampleSchema,
  exampleSortSchema,
  type Example,
  type ExampleFilter,
} from '../../../../src/core/records.ts';
import type { EpochExamples } from '../../../../src/shared/trainerEvents.ts';
import { decide } from '../../../../src/core/metrics/decide.ts';
import { selectExamples } from '../../../../src/main/store/examples/exampleSelection.ts';
import { errorOf, insertRunWithEpochs, makeExamples, newRun, predictionsOf } from '../fixtures.ts';
import { openHistory, type History } from '../../../../src/main/store/history.ts';

let history: History;
let runId: string;
const lastEpoch = 3;

beforeAll(() => {
  const dataDir = mkdtempSync(join(tmpdir(), 'afterimage-examples-'));
  history = openHistory({ dataDir, version: '1' });
  insertRunWithEpochs(history, 1, { count: 20 });
  runId = insertRunWithEpochs(history, lastEpoch);
  return () => {
    history.close();
    rmSync(dataDir, { recursive: true });
  };
});

const nullIfNaN = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

/** The examples of an epoch, built row by row from what was stored. */
function expectedExamples(epoch: number): Example[] {
  const given = makeExamples(epoch);
  const predicted = predictionsOf(given);
  return Array.from(given.labels, (label, i) => {
    const probabilities = [...given.probabilities.slice(i * 4, i * 4 + 4)];
    const [first = 0, second = 0] = probabilities.toSorted((a, b) => b - a);
    return {
      exampleId: given.exampleIds[i] ?? -1,
      epoch,
      label,
      predictedClass: predicted[i] ?? -1,
      correct: predicted[i] === label,
      confidence: first,
      confidenceMargin: first - second,
      probabilities,
      ...byName(recordedMetricNames, (name) => nullIfNaN(given.measures[name][i])),
      maskArea: given.maskArea[i] ?? -1,
    };
  });
}

const tests: Record<ExampleFilter, (example: Example, threshold: number) => boolean> = {
  all: () => true,
  misclassified: ({ label, predictedClass }) => label !== predictedClass,
  'low-confidence': ({ confidence }, threshold) => confidence < threshold,
  'true-low-confidence': ({ label, predictedClass, confidence }, threshold) =>
    label === predictedClass && confidence < threshold,
  'confident-misclassified': ({ label, predictedClass, confidence }, threshold) =>
    label !== predictedClass && confidence >= threshold,
};

const query = (change: object = {}) => exampleQuerySchema.parse({ runId, ...change });

describe('listing examples', () => {
  it('gives back every image as it was stored', () => {
    for (let epoch = 0; epoch <= lastEpoch; epoch += 1) {
      const listed = history.examples.list(query({ epoch }));
      expect(listed).toEqual(expectedExamples(epoch));
      expect(listed.map((example) => exampleSchema.parse(example))).toEqual(listed);
    }
  });

  it('takes the best epoch, or the last where there is no best one', () => {
    expect(history.examples.list(query())[0]?.epoch).toBe(lastEpoch);
    const untrained = insertRunWithEpochs(history, 0, { count: 3 });
    expect(history.examples.list(query({ runId: untrained }))[0]?.epoch).toBe(0);
  });

  it('filters as the definitions say, several at once', () => {
    fc.assert(
      fc.property(
        fc.subarray([...exampleFilterSchema.options]),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.option(fc.nat(3)),
        fc.option(fc.nat(3)),
        (filters, threshold, label, predictedClass) => {
          const expected = expectedExamples(2).filter(
            (example) =>
              filters.every((filter) => tests[filter](example, threshold)) &&
              (label === null || example.label === label) &&
              (predictedClass === null || example.predictedClass === predictedClass),
          );
          const found = history.examples.list(
            query({ epoch: 2, filters, threshold, label, predictedClass }),
          );
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each(exampleSortSchema.options)('sorts by %s both ways, undefined last', (sort) => {
    for (const descending of [false, true]) {
      const values = history.examples
        .list(query({ epoch: 1, sort, descending }))
        .map((example) => example[sort] ?? null);
      const defined = values.filter((value) => value !== null);
      const expected = defined.toSorted((a, b) => (descending ? b - a : a - b));
      expect(values).toEqual([
        ...expected,
        ...Array.from({ length: values.length - defined.length }, () => null),
      ]);
    }
  });

  it('breaks ties by exampleId whichever way it sorts, and limits after sorting', () => {
    const of = {
      ...history.examples.getEpoch(runId, 1),
      probabilities: new Float32Array(300 * 4).fill(0.25),
    };
    const selection = query({ sort: 'confidence', descending: true, limit: 3 });
    expect(selectExamples(of, selection).map(({ exampleId }) => exampleId)).toEqual([3, 10, 17]);
    const [best] = history.examples.list(
      query({ epoch: 1, sort: 'confidence', descending: true, limit: 1 }),
    );
    const all = expectedExamples(1).map(({ confidence }) => confidence);
    expect(best?.confidence).toBe(Math.max(...all));
  });

  it('says which epochs there are', async () => {
    expect(await errorOf(() => history.examples.list(query({ epoch: 4 })))).toMatchObject({
      code: 'NOT_FOUND',
      remedy: 'Choose one from 0 to 3.',
    });
    const { id } = history.runs.insert(newRun());
    expect(await errorOf(() => history.examples.list(query({ runId: id })))).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

it('takes the first of equally probable classes', () => {
  const probabilities = Float32Array.of(9, 0.1, 0.4, 0.4, 0.1);
  expect(decide(probabilities, 1, 4)).toEqual({
    predictedClass: 1,
    confidence: Math.fround(0.4),
    confidenceMargin: 0,
  });
});

describe('counting examples', () => {
  it('counts the quadrants and the confidences', () => {
    for (const threshold of [0.3, 0.6, 0.9]) {
      const counts = history.examples.count(runId, 2, threshold);
      const expected = expectedExamples(2);
      const count = (correct: boolean, sure: boolean): number =>
        expected.filter((e) => e.correct === correct && e.confidence >= threshold === sure).length;
      expect(counts).toMatchObject({
        epoch: 2,
        total: 300,
        rightSure: count(true, true),
        rightUnsure: count(true, false),
        wrongSure: count(false, true),
        wrongUnsure: count(false, false),
      });
      const sum = (bins: number[], to: number): number =>
        bins.slice(0, to).reduce((total, bin) => total + bin, 0);
      expect(sum(counts.rightByConfidence, 100 * threshold)).toBe(counts.rightUnsure);
      expect(sum(counts.wrongByConfidence, 100 * threshold)).toBe(counts.wrongUnsure);
    }
  });
});

describe('a whole epoch', () => {
  it.each([0, 2])('comes back bit for bit (%i)', (epoch) => {
    const given = makeExamples(epoch);
    const stored = history.examples.getEpoch(runId, epoch);
    expect({ ...stored, labelMaps: given.labelMaps }).toEqual({
      ...given,
      epoch,
      predictedClasses: Uint8Array.from(predictionsOf(given)),
    });
    expect(Buffer.from(stored.probabilities.buffer)).toEqual(
      Buffer.from(given.probabilities.buffer),
    );
  });
});

/** What is stored of the image at `position`, taken from the arrays that were stored. */
function expectedMaps(given: EpochExamples, position: number) {
  const wrong = given.labelMaps.positions.indexOf(position);
  const cut = (levels: Uint8Array, at: number): Uint8Array => levels.slice(at * 9, at * 9 + 9);
  const predicted = {
    levels: cut(given.camLevels, position),
    scale: given.camScales[position] ?? -1,
  };
  const label =
    wrong < 0
      ? predicted
      : {
          levels: cut(given.labelMaps.camLevels, wrong),
          scale: given.labelMaps.camScales[wrong] ?? -1,
        };
  return { predicted, label };
}

describe('one image', () => {
  // The first, the ends of the first chunk of 128, and the last, in the partial chunk.
  it.each([0, 127, 128, 255, 256, 299])('has its whole history (position %i)', (position) => {
    const found = history.examples.getHistory(runId, 3 + 7 * position);
    expect([...found.epochs]).toEqual([0, 1, 2, 3]);
    for (const epoch of [0, 1, 2, 3]) {
      const given = makeExamples(epoch);
      expect(found).toMatchObject({
        exampleId: 3 + 7 * position,
        label: given.labels[position],
        maskArea: given.maskArea[position],
        classes: 4,
        mapSize: 3,
      });
      expect(found.probabilities.slice(epoch * 4, epoch * 4 + 4)).toEqual(
        given.probabilities.slice(position * 4, position * 4 + 4),
      );
      for (const name of recordedMetricNames) {
        expect(found.measures[name][epoch]).toBe(given.measures[name][position]);
      }
      const { predicted, label } = expectedMaps(given, position);
      expect(found.predictedLevels.slice(epoch * 9, epoch * 9 + 9)).toEqual(predicted.levels);
      expect(found.predictedScales[epoch]).toBe(predicted.scale);
      expect(found.labelLevels.slice(epoch * 9, epoch * 9 + 9)).toEqual(label.levels);
      expect(found.labelScales[epoch]).toBe(label.scale);
    }
  });

  it('has frames for the prediction and for the label', () => {
    for (const position of [5, 130, 298]) {
      for (const target of ['predicted', 'label'] as const) {
        const frames = history.examples.listFrames(runId, 3 + 7 * position, 'all', target);
        expect(frames).toEqual(
          [0, 1, 2, 3].map((epoch) => {
            const { predictedClass, confidence, label } = expectedExamples(epoch)[position] ?? {};
            return {
              epoch,
              targetClass: target === 'label' ? label : predictedClass,
              mapSize: 3,
              ...expectedMaps(makeExamples(epoch), position)[target],
              confidence,
              predictedClass,
            };
          }),
        );
        const [one] = history.examples.listFrames(runId, 3 + 7 * position, 2, target);
        expect(one).toEqual(frames[2]);
        const best = history.examples.listFrames(runId, 3 + 7 * position, null, target);
        expect(best).toEqual([frames[3]]);
      }
    }
  });

  it('is refused where the run did not evaluate it', async () => {
    expect(await errorOf(() => history.examples.getHistory(runId, 4))).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('test image 4') as string,
    });
    expect(await errorOf(() => history.examples.listFrames(runId, 3, 4, 'label'))).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
