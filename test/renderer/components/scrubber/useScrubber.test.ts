import { withSettings } from '../../../support/settings.ts';
import { describe, expect, it } from 'vitest';
import { ref, shallowRef } from 'vue';
import { readSideMetrics } from '../../../../src/renderer/components/scrubber/sideMetrics.ts';
import {
  buildSides,
  differenceSides,
  largestScale,
  shownCam,
  shownMap,
  useScrubber,
} from '../../../../src/renderer/components/scrubber/useScrubber.ts';
import type {
  ExampleHistory,
  TargetClass,
} from '../../../../src/renderer/examples/exampleHistory.ts';
import { presets } from '../../../../src/core/config/presets.ts';
import type { RunSummary } from '../../../../src/core/records.ts';
import { buildHistory } from './histories.ts';

const summaryOf = (id: string, paradigm: 'C' | 'R'): RunSummary =>
  ({
    id,
    name: `run ${id}`,
    bestEpoch: 1,
    config: withSettings(presets['mnist-c'], { paradigm }),
  }) as RunSummary;

function start(main: ExampleHistory, beside: ExampleHistory | null = null) {
  const sides = buildSides(
    { main, beside: beside === null ? [] : [beside], besideError: null, classMapsError: null },
    [summaryOf('a', 'C'), ...(beside === null ? [] : [summaryOf('b', 'R')])],
  );
  const wished = ref<number | null>(null);
  const automatic = ref<number | null>(1);
  const target = ref<TargetClass>('predicted');
  const scrubber = useScrubber(shallowRef(sides), wished, automatic, target);
  const [first, second] = sides;
  if (first === undefined) throw new Error('no side');
  return { scrubber, wished, automatic, target, first, second };
}

describe('the figures of a map that is not stored', () => {
  it('are of the mask that the image came with, where the run goes by that', () => {
    // The label's map lies on the lower half, three quarters of which the mask has.
    const mask = Uint8Array.from({ length: 16 }, (_, i) => Number(i >= 8 && i % 4 > 0));
    const { scrubber, first, target } = start({ ...buildHistory('a', [1, 1]), mask });
    target.value = 'label';
    const side = { ...first, rule: { mask: 'dataset', maskThreshold: 0.5 } as const };
    expect(readSideMetrics(scrubber, side).measures.energyInside).toBeCloseTo(0.75, 2);
    expect(readSideMetrics(scrubber, first).measures.energyInside).toBeCloseTo(0, 1);
  });
});

describe('the cursor', () => {
  it('stands where nobody moved it, and moves inside the film', () => {
    const { scrubber, wished } = start(buildHistory('a', [1, 0, 0]));
    expect(scrubber.epoch.value).toBe(1);
    scrubber.step(1);
    expect([scrubber.epoch.value, wished.value]).toEqual([2, 2]);
    scrubber.step(1);
    expect(scrubber.frame.value).toBe(2);
    scrubber.frame.value = -5;
    expect(scrubber.epoch.value).toBe(0);
  });

  it('follows a run whose newest epoch counts, until somebody moves it', () => {
    const { scrubber, automatic } = start(buildHistory('a', [1, 0, 0]));
    automatic.value = 2;
    expect(scrubber.epoch.value).toBe(2);
    scrubber.frame.value = 0;
    automatic.value = 1;
    expect(scrubber.epoch.value).toBe(0);
  });

  it('moves runs of different length on one axis', () => {
    const { scrubber, second, first } = start(
      buildHistory('a', [1, 0]),
      buildHistory('b', [1, 1, 0, 0]),
    );
    scrubber.frame.value = 3;
    expect(scrubber.epochs.value).toEqual([0, 1, 2, 3]);
    expect(scrubber.indexOf(first)).toBe(1);
    expect(second && scrubber.indexOf(second)).toBe(3);
  });
});

describe('the map', () => {
  it('explains the class asked for', () => {
    const { scrubber, target, first, wished } = start(buildHistory('a', [1, 0]));
    wished.value = 0;
    expect(shownMap(scrubber, first)).toEqual({ explained: 1, scale: 1 });
    expect(shownCam(scrubber, first)[0]).toBeCloseTo(1, 5);
    target.value = 'label';
    expect(shownMap(scrubber, first)).toEqual({ explained: 0, scale: 1 });
    expect(shownCam(scrubber, first)[0]).toBeCloseTo(0, 5);
    wished.value = 1;
    expect(shownMap(scrubber, first)).toEqual({ explained: 0, scale: 2 });
    expect(shownCam(scrubber, first)[0]).toBeCloseTo(1, 5);
  });

  it('has the figures that belong to it', () => {
    const { scrubber, target, first, wished } = start(buildHistory('a', [1, 0]));
    wished.value = 0;
    expect(readSideMetrics(scrubber, first)).toMatchObject({
      epoch: 0,
      predictedClass: 1,
      confidence: 0.75,
      measures: { energyInside: expect.closeTo(0.8, 5) as number },
      isStored: true,
    });
    target.value = 'label';
    // The label's map lies on the black half: none of it inside, opposite to the image.
    expect(readSideMetrics(scrubber, first)).toMatchObject({
      measures: {
        inputCorrelation: expect.closeTo(-1, 5) as number,
        energyInside: 0,
        iou: 0,
      },
      isStored: false,
    });
  });
});

describe('two runs', () => {
  const [a, b] = [buildHistory('a', [0]), buildHistory('b', [0])];
  const shown = { main: a, beside: [b], besideError: null, classMapsError: null };

  it('are told apart by their paradigm, and subtracted R - C in either order', () => {
    for (const paradigms of [['C', 'R'] as const, ['R', 'C'] as const]) {
      const sides = buildSides(shown, [summaryOf('a', paradigms[0]), summaryOf('b', paradigms[1])]);
      expect(sides.map(({ mark }) => mark)).toEqual(paradigms);
      const difference = differenceSides(sides);
      expect(difference?.title).toBe('R − C');
      expect(difference?.minuend.paradigm).toBe('R');
    }
  });

  it('of one paradigm are A and B', () => {
    const sides = buildSides(shown, [summaryOf('a', 'R'), summaryOf('b', 'R')]);
    expect(sides.map(({ mark }) => mark)).toEqual(['A', 'B']);
    expect(differenceSides(sides)?.title).toBe('B − A');
    expect(new Set(sides.map(({ token }) => token)).size).toBe(2);
  });

  it('and a third are told apart by numbers where they share a paradigm', () => {
    const c = buildHistory('c', [0]);
    const sides = buildSides({ ...shown, beside: [b, c] }, [
      summaryOf('a', 'R'),
      summaryOf('b', 'C'),
      summaryOf('c', 'R'),
    ]);
    expect(sides.map(({ mark }) => mark)).toEqual(['R1', 'C', 'R2']);
    expect(new Set(sides.map(({ token }) => token)).size).toBe(3);
  });

  it('stand each at its own epoch where that is asked for', () => {
    const sides = buildSides({ ...shown, main: buildHistory('a', [0, 0, 0]) }, []);
    const own = shallowRef(new Map([['a', 2]]));
    const scrubber = useScrubber(shallowRef(sides), ref(0), ref(null), ref('predicted'), own);
    const stand = (): unknown[] =>
      sides.map((side) => [scrubber.epochOf(side), scrubber.indexOf(side)]);
    expect(stand()).toEqual([
      [2, 2],
      [0, 0],
    ]);
    own.value = new Map();
    expect(stand()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('have one scale for all their maps: the largest of any epoch', () => {
    const sides = buildSides({ ...shown, beside: [buildHistory('b', [0, 0, 0])] }, []);
    expect(largestScale(sides, 'predicted')).toBe(3);
    expect(largestScale(sides.slice(0, 1), 'label')).toBe(1);
    expect(largestScale([], 'label')).toBe(0);
  });

  it('need a second one for a difference', () => {
    const sides = buildSides({ ...shown, beside: [] }, [summaryOf('a', 'C')]);
    expect(differenceSides(sides)).toBeNull();
    expect(buildSides(null, [])).toEqual([]);
    expect(buildSides({ ...shown, beside: [] }, [])[0]?.name).toBe('a');
  });
});

it('figures that need the image are unknown without it, and those stored are shown', () => {
  const { scrubber, target, first } = start({ ...buildHistory('a', [1, 0]), image: null });
  scrubber.frame.value = 0;
  // Class 1 is predicted at epoch 0, the label is 0.
  expect(readSideMetrics(scrubber, first)).toMatchObject({
    isStored: true,
    measures: { iou: Math.fround(0.7) },
  });
  target.value = 'label';
  expect(readSideMetrics(scrubber, first)).toMatchObject({
    isStored: false,
    measures: { inputCorrelation: Number.NaN, energyInside: Number.NaN, iou: Number.NaN },
    mapMaximum: 1,
  });
});
