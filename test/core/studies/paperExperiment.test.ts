import { expect, it } from 'vitest';
import { presets } from '../../../src/core/config/presets.ts';
import { planPaperExperiment } from '../../../src/core/studies/paperExperiment.ts';
import { plannedRuns } from '../../../src/core/studies/plan.ts';
import { checkStudy } from '../../../src/core/studies/study.ts';

it('plans a run of each paradigm for every seed, with the same changes', () => {
  const study = planPaperExperiment('small', { 'training.epochs': 2 }, [1, 4]);
  checkStudy(study);
  const planned = plannedRuns(study);
  expect(planned.map(({ name, seed }) => [name, seed])).toEqual([
    ['small C seed 1', 1],
    ['small C seed 4', 4],
    ['small R seed 1', 1],
    ['small R seed 4', 4],
  ]);
  const { training, ...rest } = presets['mnist-r'];
  expect(planned[2]?.config).toEqual({ ...rest, training: { ...training, epochs: 2 } });
  expect(planned[0]?.config).toEqual({
    ...planned[2]?.config,
    objective: presets['mnist-c'].objective,
  });
});
