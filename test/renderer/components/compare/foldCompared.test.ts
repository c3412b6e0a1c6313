import { expect, it } from 'vitest';
import {
  curveOf,
  foldCompared,
  groupCompared,
  titleOf,
} from '../../../../src/renderer/components/compare/foldCompared.ts';
import { groupPicks } from '../../../../src/renderer/components/compare/groupPicks.ts';
import type { ComparedRun } from '../../../../src/renderer/components/compare/useComparedRuns.ts';
import { buildMetrics } from '../../../support/epochMetrics.ts';
import { buildSummary } from '../runs/builders.ts';

/** A run with an accuracy per epoch from 1, judged at its last. */
function build(id: string, seed: number, accuracies: number[], losses = [seed]): ComparedRun {
  const epochs = accuracies.map((testAccuracy, i) =>
    buildMetrics({ epoch: i + 1, testAccuracy, durationMs: 60_000 * seed }),
  );
  const config = { paradigm: id.startsWith('r') ? ('R' as const) : ('C' as const) };
  const summary = { ...buildSummary({ id, name: id, seed, config }), validationLosses: losses };
  return { summary, epochs, token: `--${id}`, dash: [], metrics: epochs.at(-1) ?? null };
}

const c1 = build('c1', 1, [0.5, 0.75]);
const c2 = build('c2', 2, [0.7, 0.95, 0.96]);
const r1 = build('r1', 1, [0.25]);

it('folds the seeds of a configuration to a mean with a band, as far as all of them go', () => {
  const series = foldCompared(groupCompared([c1, r1, c2]), true);
  expect(series.map(titleOf)).toEqual(['C (n = 2)', 'r1']);
  expect(series.map(({ token }) => token)).toEqual(['--paradigm-c', '--paradigm-r']);
  const choice = { name: 'testAccuracy', spread: 'deviation', overTime: false } as const;
  const [folded] = series;
  if (folded === undefined) throw new Error('nothing was folded');
  const curve = curveOf(folded, choice);
  expect(curve.x).toEqual([1, 2]);
  expect(curve.y).toEqual([expect.closeTo(0.6, 12), expect.closeTo(0.85, 12)]);
  // Of two values: their distance over √2.
  expect(curve.spread).toEqual([
    expect.closeTo(0.2 / Math.SQRT2, 12),
    expect.closeTo(0.2 / Math.SQRT2, 12),
  ]);
  // At rest each seed speaks at its own epoch, 2 and 3.
  expect(curve.atRest?.value).toBeCloseTo((0.75 + 0.96) / 2, 12);
  expect(curveOf(folded, { ...choice, overTime: true }).x).toEqual([1.5, 3]);
});

it('shows every run where that is asked for', () => {
  const series = foldCompared(groupCompared([c1, r1, c2]), false);
  expect(series.map(({ id, token }) => [id, token])).toEqual([
    ['c1', '--c1'],
    ['c2', '--c2'],
    ['r1', '--paradigm-r'],
  ]);
});

it('counts a repeat of a seed once, and folds nothing where its numbers differ', () => {
  const twice = groupCompared([c1, build('c9', 1, [0.5, 0.75])]);
  const [same] = twice;
  expect(same?.runs.map(({ summary }) => summary.id)).toEqual(['c1']);
  expect(same?.repeats?.words).toBe('Runs of seed 1 have the same numbers: counted once.');
  expect(foldCompared(twice, true).map(titleOf)).toEqual(['C']);
  const groups = groupCompared([c1, build('c9', 1, [0.5, 0.76], [7])]);
  expect(groups[0]?.repeats?.agree).toBe(false);
  expect(foldCompared(groups, true).map(({ id }) => id)).toEqual(['c1', 'c9']);
});

it('offers all runs of a paradigm and of a configuration, each set once', () => {
  const groups = groupPicks([c1, c2, r1].map(({ summary }) => summary));
  expect(groups.map(({ label, runIds }) => [label, runIds])).toEqual([['All C', ['c1', 'c2']]]);
});

it('marks the points of every run by its seed, alike in all configurations, and means not at all', () => {
  const r2 = build('r2', 2, [0.5]);
  const groups = groupCompared([c1, r1, c2, r2]);
  const shapes = (isFolded: boolean) =>
    foldCompared(groups, isFolded).map(({ id, marker }) => [id, marker?.shape]);
  expect(shapes(false)).toEqual([
    ['c1', 'circle'],
    ['c2', 'square'],
    ['r1', 'circle'],
    ['r2', 'square'],
  ]);
  expect(shapes(true).map(([, shape]) => shape)).toEqual([undefined, undefined]);
  // One seed alone needs none.
  expect(foldCompared(groupCompared([c1, r1]), false).map(({ marker }) => marker)).toEqual([
    undefined,
    undefined,
  ]);
});

it('draws what is not stored with an epoch as far as it is known', () => {
  const [series] = foldCompared(groupCompared([c1, c2]), true);
  if (series === undefined) throw new Error('nothing was folded');
  const known = new Map([
    ['c1 1', 0.1],
    ['c2 1', 0.3],
    ['c1 2', 0.2],
  ]);
  const curve = curveOf(series, {
    ...{ name: 'calibrationError', spread: 'deviation', overTime: false },
    read: ({ summary }, { epoch }) => known.get(`${summary.id} ${epoch}`) ?? null,
  });
  expect(curve.y[0]).toBeCloseTo(0.2, 12);
  expect(curve.spread?.[0]).toBeCloseTo(0.2 / Math.SQRT2, 12);
  expect(curve.atRest?.value).toBeCloseTo(0.2, 12);
});
