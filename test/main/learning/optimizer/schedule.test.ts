import { presets } from '../../../../src/core/config/presets.ts';
import type { RunConfig } from '../../../../src/core/config/runConfig.ts';
import { withSettings } from '../../../support/settings.ts';
import { expect, it } from 'vitest';
import {
  learningRateAt,
  noHistory,
  plateauPatienceOf,
  recordValidation,
} from '../../../../src/main/learning/optimizer/schedule.ts';

const config = withSettings(presets['mnist-c'], { learningRate: 8, epochs: 4 });
const step = { name: 'step', epochs: 2, factor: 0.5 } as const;
const plateau = { name: 'plateau', patience: 2, factor: 0.5 } as const;

const rates = (schedule: RunConfig['schedule']): number[] =>
  [1, 2, 3, 4].map((epoch) => learningRateAt(epoch, { ...config, schedule }, noHistory));

it('constant, step and cosine', () => {
  expect(rates({ name: 'constant' })).toEqual([8, 8, 8, 8]);
  expect(rates(step)).toEqual([8, 8, 4, 4]);
  const half = Math.SQRT1_2;
  [8, 4 * (1 + half), 4, 4 * (1 - half)].forEach((rate, i) => {
    expect(rates({ name: 'cosine' })[i]).toBeCloseTo(rate, 10);
  });
});

it('plateau halves after two epochs without a better loss, and again after two more', () => {
  let history = noHistory;
  const seen = [5, 4, 4, 6, 4.5, 5, 3].map((loss, i) => {
    history = recordValidation(history, i + 1, loss, plateauPatienceOf(plateau));
    return learningRateAt(i + 2, { ...config, schedule: plateau }, history);
  });
  expect(seen).toEqual([8, 8, 8, 4, 4, 2, 2]);
  expect(history).toMatchObject({ best: 3, bestEpoch: 7, epochsSinceBest: 0 });
});

it('an equal loss is not better: the earliest of equals stays best', () => {
  const first = recordValidation(noHistory, 1, 2, 5);
  expect(recordValidation(first, 2, 2, 5)).toMatchObject({ bestEpoch: 1, epochsSinceBest: 1 });
});
