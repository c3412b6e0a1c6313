import { withSettings, type Changes } from '../../support/settings.ts';
import { describe, expect, it } from 'vitest';
import { presets } from '../../../src/core/config/presets.ts';
import type { RunConfig } from '../../../src/core/config/runConfig.ts';
import { groupBySeed, pairRuns } from '../../../src/core/statistics/pairRuns.ts';
import { buildRun } from '../../support/reportRuns.ts';

const c = (seed: number, change: Changes = {}) =>
  buildRun({
    id: `c${seed}`,
    name: `c ${seed}`,
    seed,
    config: withSettings(presets['mnist-c'], change),
  });
const r = (seed: number, change: Changes = {}) =>
  buildRun({
    id: `r${seed}`,
    name: `r ${seed}`,
    seed,
    config: withSettings(presets['mnist-r'], change),
  });

describe('pairs of runs', () => {
  it('are two runs on their examples', () => {
    expect(pairRuns([c(1), r(1)])).toMatchObject({
      kind: 'examples',
      labels: ['C', 'R'],
      warnings: [],
    });
    const light = { ...r(1, { camWeight: 0.1 }), id: 'light', name: 'light' };
    expect(pairRuns([light, r(1)])).toMatchObject({ labels: ['light', 'r 1'], warnings: [] });
  });

  it('say what else could have made the difference', () => {
    const { warnings } = pairRuns([c(1), r(2, { learningRate: 0.01 })]) as { warnings: string[] };
    expect(warnings).toEqual([
      'The runs also differ in learningRate (0.001, 0.01): a difference may come from that.',
      'The runs have different seeds, 1 and 2: a difference may come from that.',
    ]);
  });

  it('are no seeds of one configuration where one name stood for two data sets', () => {
    const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
    const on = (datasetId: string, seed: number) => ({ ...c(seed), datasetId });
    const groups = groupBySeed([on(a, 1), on(b, 2), on(a, 3)]);
    expect(groups.map(({ label, runs }) => [label, runs.map(({ id }) => id)])).toEqual([
      ['C, dataset mnist (aaaaaaaaaaaa)', ['c1', 'c3']],
      ['C, dataset mnist (bbbbbbbbbbbb)', ['c2']],
    ]);
  });

  it('are made by seed, whatever the order', () => {
    const pairing = pairRuns([r(2), c(3), r(3), c(2)]);
    expect(pairing.kind).toBe('seeds');
    if (pairing.kind !== 'seeds') return;
    expect(pairing.groups.map(({ label, runs }) => [label, runs.map(({ id }) => id)])).toEqual([
      ['R', ['r2', 'r3']],
      ['C', ['c2', 'c3']],
    ]);
  });

  it.each([
    ['one run', [c(1)], /at least two runs/],
    ['one run twice', [c(1), r(1), c(1)], /c 1 is named twice/],
    ['a run without epochs', [c(1), { ...r(1), epochs: [] }], /r 1 has no stored epoch yet/],
    ['one configuration', [c(1), c(2), c(3)], /3 runs have 1 configuration;/],
    [
      'three configurations',
      [c(1), r(1), { ...r(1, { camWeight: 9 }), id: 'x' }],
      /3 configurations \(C; R, contrastive.weight 1; R, contrastive.weight 9\)/,
    ],
    [
      'other settings',
      [c(1), c(2), r(1, { dropout: 0.2 }), r(2, { dropout: 0.2 })],
      /C and R also differ in dropout/,
    ],
    [
      'another layer',
      [c(1), c(2), r(1, { targetLayer: 'relu2' }), r(2, { targetLayer: 'relu2' })],
      /differ in targetLayer/,
    ],
    ['a seed twice', [c(1), { ...c(1), id: 'again' }, r(1), r(2)], /C has seed 1 more than once/],
    [
      'a seed without partner',
      [c(1), c(2), c(4), r(1), r(2)],
      /Seed 4 has a run under C \(c 4\) and none under R/,
    ],
    ['a partner without seed', [c(1), r(1), r(5)], /Seed 5 has a run under R/],
  ])('refuse %s in one line', (_, runs, message) => {
    expect(() => pairRuns(runs)).toThrow(message);
    try {
      pairRuns(runs);
    } catch (error) {
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
      expect((error as Error).message).not.toContain('\n');
    }
  });
});

describe('groups of seeds', () => {
  it('ignore settings that mean nothing', () => {
    const groups = groupBySeed([
      c(1),
      c(2, { camGradient: 'full' }),
      r(1, { pairing: 'inBatch' }),
      r(2, { pairing: 'inBatch', margin: 3 }),
      r(3),
      r(4, { margin: 3 }),
    ]);
    expect(groups.map(({ label, runs }) => [label, runs.length])).toEqual([
      ['C', 2],
      ['R, pairing inBatch, margin 1', 1],
      ['R, pairing inBatch, margin 3', 1],
      ['R, pairing matched, margin 1', 2],
    ]);
  });

  it('take runs with the same settings in another order', () => {
    const reversed = Object.fromEntries(
      Object.entries(presets['mnist-c']).reverse(),
    ) as unknown as RunConfig;
    expect(groupBySeed([c(1), buildRun({ id: 'x', seed: 2, config: reversed })])).toHaveLength(1);
  });
});
