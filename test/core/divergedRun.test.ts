import { expect, it } from 'vitest';
import { hasDiverged, suggestLearningRate } from '../../src/core/divergedRun.ts';
import { describeProspect } from '../../src/core/unbegunRun.ts';
import { buildRun } from '../support/reportRuns.ts';
import { presets } from '../../src/core/config/presets.ts';
import { withSettings } from '../support/settings.ts';

const error = { code: 'NOT_FINITE', message: 'The loss is not finite.', remedy: '', log: [] };
const withRate = (learningRate: number) =>
  buildRun({ status: 'failed', error, config: withSettings(presets['mnist-c'], { learningRate }) });

it('suggests a tenth of the learning rate, without digits that nobody typed', () => {
  expect(suggestLearningRate(withRate(0.003))).toBe(0.0003);
  expect(suggestLearningRate(withRate(10))).toBe(1);
});

it('suggests nothing for runs that failed otherwise, and does not tell to resume one that diverged', () => {
  const died = buildRun({ status: 'failed', error: { ...error, code: 'TRAINER_DIED' } });
  expect(suggestLearningRate(died)).toBeNull();
  expect(hasDiverged(buildRun({ status: 'completed', error: null }))).toBe(false);
  expect(describeProspect(died)).toContain('Resume it');
  expect(describeProspect(withRate(1))).toBe(
    'It failed: The loss is not finite. Train it anew with a lower learning rate.',
  );
});
