import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cutCurve,
  findOutside,
  wholeRange,
  zoomAbout,
} from '../../../../src/renderer/components/charts/plotRange.ts';
import { curveOfSteps } from '../../../../src/renderer/components/charts/stepCurve.ts';
import { usePlotZoom } from '../../../../src/renderer/components/charts/usePlotZoom.ts';

describe('the x axis', () => {
  it('is as long as planned, and never shorter than what there is', () => {
    expect(wholeRange([0, 1, 2], 30)).toEqual([expect.closeTo(-0.6), expect.closeTo(30.6)]);
    expect(wholeRange([0, 40], 30)).toEqual([expect.closeTo(-0.8), expect.closeTo(40.8)]);
    expect(wholeRange([0, 1, 2], null)).toEqual([expect.closeTo(-0.04), expect.closeTo(2.04)]);
    expect(wholeRange([3], null)).toEqual([2.5, 3.5]);
  });

  it('keeps the position that it is zoomed about in its place, and stays inside', () => {
    expect(zoomAbout([0, 10], [0, 10], { factor: 0.5, at: 2 })).toEqual([1, 6]);
    expect(zoomAbout([1, 6], [0, 10], { factor: 2, at: 2 })).toBeNull();
    expect(zoomAbout([8, 10], [0, 10], { factor: 2, at: 8 })).toEqual([6, 10]);
    const inside = fc.double({ min: 0, max: 10, noNaN: true });
    fc.assert(
      fc.property(inside, fc.double({ min: 0.1, max: 3, noNaN: true }), (at, factor) => {
        const [from, to] = zoomAbout([2, 8], [0, 10], { factor, at }) ?? [0, 10];
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(10 + 1e-9);
        expect(to - from).toBeCloseTo(Math.min(10, 6 * factor), 9);
      }),
    );
  });

  it('is zoomed by keys and shown whole again', () => {
    const { range, zoom, press } = usePlotZoom(
      () => [0, 10],
      () => null,
    );
    expect(press('-', 5)).toBe(false);
    expect(press('+', 5)).toBe(true);
    expect(range.value[1] - range.value[0]).toBeCloseTo(5.2);
    expect(press('ArrowLeft', 5)).toBe(false);
    expect(press('Escape', null)).toBe(true);
    expect(zoom.value).toBeNull();
    expect(press('Escape', null)).toBe(false);
  });
});

it('cuts a curve to a range, with the untrained model only where that is inside', () => {
  const curve = { x: [0, 1, 2, 3], y: [9, 5, null, 3], untrained: 1 };
  expect(cutCurve(curve, [1, 2.5])).toEqual({ x: [1, 2], y: [5, null], untrained: 0 });
  expect(cutCurve(curve, [-1, 1])).toEqual({ x: [0, 1], y: [9, 5], untrained: 1 });
  const band = { ...curve, spread: curve.x.map((x) => x / 10) };
  expect(cutCurve(band, [1, 2.5]).spread).toEqual([0.1, 0.2]);
});

it('finds what an axis does not reach', () => {
  expect([0.1, 0.5, 2, null, undefined].map((value) => findOutside(value, [0.4, 1]))).toEqual([
    ...['below', null, 'above', null, null],
  ]);
});

describe('the curve of steps', () => {
  const progress = {
    ...{ phase: 'training' as const, epoch: 2, epochs: 9, step: 5, steps: 10 },
    ...{ loss: 1, terms: {}, accuracy: 0, imagesPerSecond: 1 },
  };
  const stepLosses = { steps: [2, 5], losses: [3, 1] };

  it('stands between the end of the epoch before and its own', () => {
    expect(curveOfSteps({ progress, remainingMs: null, stepLosses })).toMatchObject([
      { x: [1.2, 1.5], y: [3, 1], label: 'Epoch 2 by step' },
    ]);
  });

  it('stays where it is while the epoch is evaluated in batches of another number', () => {
    const evaluating = { ...progress, phase: 'evaluation' as const, step: 1, steps: 3 };
    const whole = { steps: [5, 10], losses: [3, 1] };
    expect(
      curveOfSteps({ progress: evaluating, remainingMs: null, stepLosses: whole })[0]?.x,
    ).toEqual([1.5, 2]);
    expect(curveOfSteps({ progress, remainingMs: null })).toEqual([]);
    expect(curveOfSteps(undefined)).toEqual([]);
  });
});
