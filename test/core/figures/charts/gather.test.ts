import { describe, expect, it } from 'vitest';
import { gather as gatherFrontier } from '../../../../src/core/figures/accuracy-fidelity/gather.ts';
import { gather as gatherCurves } from '../../../../src/core/figures/training-curves/gather.ts';
import { parseFigureSpec } from '../../../../src/core/figures/spec.ts';
import type { FigureSource } from '../../../../src/core/figures/source.ts';
import type { Run } from '../../../../src/core/records.ts';
import { buildMetrics } from '../../../support/epochMetrics.ts';
import { buildRun } from '../../../support/reportRuns.ts';

const untrained = buildMetrics({ epoch: 0 });
const withSeed = (id: string, seed: number, validationLoss = 0.5): Run =>
  buildRun({ id, name: id, seed, epochs: [untrained, buildMetrics({ epoch: 1, validationLoss })] });

/** A history of these runs alone, all on one data set. */
function sourceOf(runs: readonly Run[]): FigureSource {
  const getRun = (id: string): Run => runs.find((run) => run.id === id) as Run;
  return { resolveRun: (id: string) => id, getRun, getDataset: () => ({ id: 'one' }) } as never;
}

const specOf = (template: string, runs: readonly Run[], more = {}) =>
  parseFigureSpec({ template, runs: runs.map(({ id }) => id), ...more }) as never;

const figures = [
  {
    name: 'accuracy-fidelity',
    gather: (runs: readonly Run[]) =>
      gatherFrontier(specOf('accuracy-fidelity', runs), sourceOf(runs)).points[0]?.runs.length,
  },
  {
    name: 'training-curves with seeds grouped',
    gather: (runs: readonly Run[]) =>
      gatherCurves(specOf('training-curves', runs, { groupSeeds: true }), sourceOf(runs)).series[0]
        ?.runs.length,
  },
];

describe.each(figures)('$name', ({ gather }) => {
  it('takes each seed of a configuration once', () => {
    expect(gather([withSeed('a', 1), withSeed('b', 2), withSeed('c', 3)])).toBe(3);
  });

  it('refuses a seed that was trained twice, and says that it is one measurement', () => {
    expect(() => gather([withSeed('a', 1), withSeed('b', 1), withSeed('c', 2)])).toThrow(
      /seed 1 more than once: a \(a\), b \(b\)\. They hold the same numbers/,
    );
  });

  it('refuses runs of one seed with other numbers, and says so', () => {
    expect(() => gather([withSeed('a', 1), withSeed('b', 1, 0.25)])).toThrow(
      /seed 1 more than once.*Their numbers differ/,
    );
  });
});

it('draws runs of one seed as lines of their own, which claim nothing about seeds', () => {
  const runs = [withSeed('a', 1), withSeed('b', 1)];
  const { series } = gatherCurves(
    specOf('training-curves', runs, { groupSeeds: false }),
    sourceOf(runs),
  );
  expect(series).toHaveLength(2);
});
