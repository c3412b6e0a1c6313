import type { RouteLocationRaw } from 'vue-router';
import { shortKey } from '../../core/config/settingKeys.ts';
import { suggestLearningRate } from '../../core/divergedRun.ts';
import type { RunSummary } from '../../core/records.ts';
import { places } from '../router.ts';

/** The form to repeat a run with changes, with a suggestion where it would end as before. */
export function runAgain(run: RunSummary): RouteLocationRaw {
  const learningRate = suggestLearningRate(run);
  if (learningRate === null) return places.newRun(run.id);
  return places.newRun(run.id, { [shortKey('optimizer.learningRate')]: String(learningRate) });
}
