import { expect, it } from 'vitest';
import { presets, type PresetName } from '../../../src/core/config/presets.ts';
import { changeSettings } from '../../../src/core/config/settingValues.ts';
import type { SettingValue } from '../../../src/core/config/settings.ts';
import {
  buildSweep,
  byParadigm,
  listSwept,
  orderPoints,
  orderValues,
} from '../../../src/core/statistics/sweep.ts';

const run = (
  id: string,
  preset: PresetName,
  seed: number,
  value: number | null,
  changes: Record<string, SettingValue> = {},
) => ({
  id,
  seed,
  value,
  validationLosses: [seed],
  datasetId: 'data',
  config: changeSettings(presets[preset], changes),
});
const weight = 'objective.contrastive.weight';
const rate = 'optimizer.learningRate';
const runs = [
  run('c1', 'mnist-c', 1, 0.9),
  run('a1', 'mnist-r', 1, 0.5, { [weight]: 0.1 }),
  run('a2', 'mnist-r', 2, 0.7, { [weight]: 0.1 }),
  run('b1', 'mnist-r', 1, 0.8, { [weight]: 10 }),
  run('c2', 'mnist-c', 2, null),
];
const valueOf = ({ value }: { value: number | null }) => value;

it('has a point per configuration, its seeds folded', () => {
  const points = buildSweep(runs, { setting: weight, groupBy: byParadigm }, valueOf);
  expect(
    points.map(({ x, series, folded, runs: seeds }) => [x, series, folded?.mean, seeds.length]),
  ).toEqual([
    [undefined, 'C', 0.9, 2],
    [0.1, 'R', expect.closeTo(0.6, 12), 2],
    [10, 'R', 0.8, 1],
  ]);
  // SD of 0.5 and 0.7: 0.2 / √2.
  expect(points[1]?.folded?.deviation).toBeCloseTo(0.2 / Math.SQRT2, 12);
  expect(points[0]?.folded?.n).toBe(1);
});

it('joins points that differ in the setting alone', () => {
  const slow = run('s1', 'mnist-r', 1, 0.3, { [weight]: 10, [rate]: 1e-4 });
  const points = buildSweep([...runs, slow], { setting: weight, groupBy: byParadigm }, valueOf);
  const [, low, high, other] = points.map(({ line }) => line);
  expect(low).toBe(high);
  expect(other).not.toBe(high);
  const byRate = buildSweep([...runs, slow], { setting: weight, groupBy: rate }, valueOf);
  expect(new Set(byRate.map(({ series }) => series))).toEqual(new Set(['0.001', '0.0001']));
});

it('lists what is swept: what differs among those that use it', () => {
  const swept = listSwept(runs.map(({ config }) => config));
  expect(swept).toContain(weight);
  expect(swept).toContain('objective');
  expect(swept).not.toContain('objective.contrastive.margin');
  expect(swept).not.toContain(rate);
});

it('has no mean where repeats of a seed disagree, but keeps their runs', () => {
  const twice = [
    run('x', 'mnist-c', 1, 0.5),
    { ...run('y', 'mnist-c', 1, 0.6), validationLosses: [9] },
  ];
  const [point] = buildSweep(twice, { setting: rate, groupBy: byParadigm }, valueOf);
  expect(point?.folded).toBeNull();
  expect(point?.runs.map(({ id }) => id)).toEqual(['x', 'y']);
});

it('orders points by the swept value, whatever the order of the runs, and those alike by the next setting', () => {
  const shuffled = [
    run('b', 'mnist-r', 1, 1, { [weight]: 10, [rate]: 1e-3 }),
    run('d', 'mnist-r', 1, 1, { [weight]: 0.1, [rate]: 1e-3 }),
    run('c', 'mnist-c', 1, 1),
    run('e', 'mnist-r', 1, 1, { [weight]: 10, [rate]: 1e-4 }),
    run('a', 'mnist-r', 1, 1, { [weight]: 9, [rate]: 1e-3 }),
  ];
  const points = buildSweep(shuffled, { setting: weight, groupBy: byParadigm }, valueOf);
  const order = (paths: string[]): string[] =>
    orderPoints(points, paths).map(({ runs: [first] }) => first?.id ?? '');
  expect(order([weight, rate])).toEqual(['c', 'd', 'a', 'e', 'b']);
  expect(order([rate, weight])).toEqual(['e', 'c', 'd', 'a', 'b']);
});

it('puts numbers in order, names as they come, and none at the end', () => {
  expect(orderValues([null, 5, 'sgd', undefined, 3, 'adam', 5])).toEqual([
    3,
    5,
    'sgd',
    'adam',
    null,
  ]);
});
