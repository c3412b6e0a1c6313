import { expect, it } from 'vitest';
import { presets } from '../../../../src/core/config/presets.ts';
import { fillPlan } from '../../../../src/core/studies/progress.ts';
import type { Study } from '../../../../src/core/studies/study.ts';
import { listSeeds, listVaried } from '../../../../src/core/studies/varied.ts';
import { matrixOf } from '../../../../src/renderer/components/study/matrix.ts';

const [c, r] = [presets['mnist-c'], presets['mnist-r']];
const weight = 'objective.contrastive.weight';
const study: Study = {
  name: 'x',
  question: '',
  bases: [
    { name: 'plain', config: c, seeds: [4, 2] },
    { name: 'guided', config: r },
  ],
  factors: [{ settings: [weight], rows: [[0.5], [1]] }],
  seeds: [4],
};

it('has a row for each configuration, a column for each seed, and says what a base brings', () => {
  const { seeds, rows } = matrixOf(study, fillPlan(study, []));
  expect(seeds).toEqual([2, 4]);
  expect(
    rows.map(({ label, differences, cells }) => [
      label,
      differences,
      ...cells.map((cell) => cell?.seed),
    ]),
  ).toEqual([
    ['plain', 'C', 2, 4],
    ['guided contrastive.weight 0.5', 'R', undefined, 4],
    ['guided contrastive.weight 1', 'R', undefined, 4],
  ]);
});

it('leaves out the base where there is one, and what the label says already', () => {
  const one = { ...study, bases: [{ name: 'guided', config: r }] };
  expect(
    matrixOf(one, fillPlan(one, [])).rows.map(({ label, differences }) => [label, differences]),
  ).toEqual([
    ['contrastive.weight 0.5', ''],
    ['contrastive.weight 1', ''],
  ]);
});

it('rests on what differs among the planned runs', () => {
  expect(listVaried(study)).toEqual([
    { path: 'objective', values: ['none', 'contrastive'] },
    { path: weight, values: [0.5, 1] },
  ]);
  expect(listSeeds(study)).toEqual([2, 4]);
});
