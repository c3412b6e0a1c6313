import { paradigmOf } from '../config/objectives.ts';
import { settingsOf, valueAt, whyUnused } from '../config/settingValues.ts';
import type { RunSummary } from '../records.ts';
import { objectivePaths } from './pairRuns.ts';

type Compared = Pick<RunSummary, 'config' | 'seed' | 'datasetId'>;

/** What the objective leaves of a run's settings. */
const settingsBeside = ({ config }: Compared): string =>
  JSON.stringify(
    settingsOf(config)
      .filter((setting) => !objectivePaths.has(setting.path) && whyUnused(setting, config) === '')
      .map(({ path }) => [path, valueAt(config, path)]),
  );

/**
 * Whether two runs are one experiment under two paradigms: the same images, seed and settings, all but
 * those of the objective. Runs that have not read their data yet are told apart by its name alone.
 */
export const areTwins = (a: Compared, b: Compared): boolean =>
  a.seed === b.seed &&
  (a.datasetId === null || b.datasetId === null || a.datasetId === b.datasetId) &&
  paradigmOf(a.config) !== paradigmOf(b.config) &&
  settingsBeside(a) === settingsBeside(b);
