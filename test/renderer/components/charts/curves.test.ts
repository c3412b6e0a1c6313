import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  alignCurves,
  curvesWithValues,
  describeCurve,
  describeImages,
  elapsedMinutes,
  imagesOf,
  plotDefinitions,
  spansDecades,
  untrainedPoints,
  valueAt,
  verticalRange,
} from '../../../../src/renderer/components/charts/curves.ts';
import { bandStretches } from '../../../../src/renderer/components/charts/bands.ts';
import { buildMapMeans, buildMetrics } from '../../../support/epochMetrics.ts';

const lossCurves = plotDefinitions[0]?.curves ?? [];
const labels = (contrastive: number | null) =>
  curvesWithValues(lossCurves, [
    buildMetrics({
      terms: {
        train: { crossEntropy: 0.5, ...(contrastive !== null && { contrastive }) },
        validation: {},
      },
    }),
  ]).map(({ label }) => label);

it('shows a loss by term only where there are two terms', () => {
  expect(labels(null)).toEqual(['Validation', 'Training']);
  expect(labels(3)).toEqual([
    'Validation',
    'Training',
    'Training cross-entropy',
    'Training contrastive term',
  ]);
});

it('leaves out curves without a point', () => {
  const untrained = buildMetrics({
    epoch: 0,
    trainLoss: null,
    terms: { train: {}, validation: { crossEntropy: 2 } },
  });
  expect(curvesWithValues(lossCurves, [untrained]).map(({ label }) => label)).toEqual([
    'Validation',
  ]);
});

it('adds up the time', () => {
  const durations = [30_000, 60_000, 60_000];
  expect(elapsedMinutes(durations.map((durationMs) => buildMetrics({ durationMs })))).toEqual([
    0.5, 1.5, 2.5,
  ]);
});

it('puts curves with different x on one axis without inventing points', () => {
  const { x, ys } = alignCurves([
    { x: [0, 1, 2], y: [5, 6, 7] },
    { x: [0.5, 2], y: [1, null] },
  ]);
  expect(x).toEqual([0, 0.5, 1, 2]);
  expect(ys).toEqual([
    [5, null, 6, 7],
    [null, 1, null, null],
  ]);
});

it('says at a cursor what the curve last said', () => {
  const [x, y] = [
    [0, 1, 2, 3],
    [null, 4, null, 6],
  ];
  expect([0, 1, 2.5, 9].map((position) => valueAt({ x, y }, position))).toEqual([null, 4, 4, 6]);
});

it('takes a logarithm only where values span it', () => {
  expect(spansDecades([0.1, 6, null, 0])).toBe(true);
  expect(spansDecades([0.1, 4])).toBe(false);
  expect(spansDecades([])).toBe(false);
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 1, noNaN: true }), (value) => {
      expect(spansDecades([value, value * 51])).toBe(true);
    }),
  );
});

it('finds the range of more points than fit on a stack', () => {
  const y = Array.from({ length: 200_000 }, (_, i) => 1 + (i % 100));
  expect(verticalRange([{ y, untrained: 0 }], false)).toEqual([1 - 0.05 * 99, 100 + 0.05 * 99]);
  expect(spansDecades(y)).toBe(true);
});

it('says of a curve what it has at the cursor, and at rest what it is told', () => {
  const curve = { id: 'a', label: 'A', token: '--text', dashed: false, untrained: 0 };
  const folded = {
    ...curve,
    x: [0, 1, 2],
    y: [0.5, 0.625, null],
    spread: [0.01, 0.02, null],
    atRest: { value: 0.7, spread: 0.03, images: { defined: 9, all: 10 } },
  };
  const read = (x: number | null): string => describeCurve('share', folded, x);
  expect([0, 1, 2, null].map(read)).toEqual([
    '50.00% ± 1.00',
    '62.50% ± 2.00',
    '62.50% ± 2.00',
    '70.00% ± 3.00',
  ]);
  expect(describeImages(folded, null)).toBe('n = 9 of 10');
  const single = { ...curve, x: [0, 1], y: [0.25, null] };
  expect(describeCurve('index', single, null)).toBe('0.250');
  expect(describeCurve('index', { ...single, x: [1] }, 0)).toBe('–');
});

it('makes room for bands, and leaves a gap in them where a seed has ended', () => {
  const curve = { x: [0, 1, 2, 3, 4], y: [1, 2, 3, null, 4], untrained: 0 };
  const spread = [0.5, 0.5, 1, null, 0.25];
  expect(verticalRange([{ ...curve, spread }], false)).toEqual([
    expect.closeTo(0.5 - 0.05 * 3.75, 9),
    expect.closeTo(4.25 + 0.05 * 3.75, 9),
  ]);
  expect(bandStretches({ ...curve, spread })).toEqual([
    [
      [0, 0.5, 1.5],
      [1, 1.5, 2.5],
      [2, 2, 4],
    ],
  ]);
});

it('says over how many images a mean is, unless it is over all', () => {
  const epochs = [0, 1, 2].map((epoch) =>
    buildMetrics({
      epoch,
      testImages: 10_000,
      mapMeans: buildMapMeans({}, { iou: epoch === 1 ? 755 : 0 }),
    }),
  );
  const curve = { id: 'a', label: 'A', token: '--text', dashed: false, untrained: 0, x: [0, 1, 2] };
  const iou = { ...curve, y: [0.1, 0.2, 0.3], images: imagesOf(epochs, 'iou') };
  expect([0, 1, 1.5, 2, null].map((position) => describeImages(iou, position))).toEqual([
    '',
    'n = 9,245 of 10,000',
    'n = 9,245 of 10,000',
    '',
    '',
  ]);
  const accuracy = { ...curve, y: [0.1, 0.2, 0.3], images: imagesOf(epochs, 'testAccuracy') };
  expect(describeImages(accuracy, 1)).toBe('');
});

it('does not let the untrained model flatten the rest', () => {
  const curves = [{ y: [0.1, 0.98, null, 0.99], untrained: 1 }];
  const [low, high] = verticalRange(curves, false);
  expect([low, high]).toEqual([expect.closeTo(0.9795, 6), expect.closeTo(0.9905, 6)]);
  expect(verticalRange(curves, true)[0]).toBeLessThan(0.1);
  expect(untrainedPoints([buildMetrics({ epoch: 0 }), buildMetrics()])).toBe(1);
  expect(untrainedPoints([buildMetrics({ epoch: 3 })])).toBe(0);
});

it('has a range where there is one value or none', () => {
  expect(verticalRange([{ y: [0.5], untrained: 1 }], false)).toEqual([0.45, 0.55]);
  expect(verticalRange([{ y: [0, 0], untrained: 0 }], false)).toEqual([-1, 1]);
  expect(verticalRange([{ y: [null], untrained: 0 }], false)).toEqual([0, 1]);
});
