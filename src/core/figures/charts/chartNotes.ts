import { extentOf } from '../../arrays.ts';
import { epochMetrics, type EpochMetricName } from '../../metrics/epochMetrics.ts';
import { leavesOut, type MeanImages } from '../../metrics/metric.ts';
import { warnOfVersions } from '../../numericsVersion.ts';
import { joinWords } from '../figure.ts';

/*
 * Sentences that captions of several charts end with. Each begins with a space, and is empty where there
 * is nothing to say.
 */

/** That numbers of several versions of the arithmetic stand in one chart. */
export function noteVersions(versions: readonly number[]): string {
  const warning = warnOfVersions(versions);
  return warning === null ? '' : ` ${warning}`;
}

/** That losses of runs with different objectives share an axis. */
export function noteObjectives(
  metrics: readonly EpochMetricName[],
  haveOneObjective: boolean,
): string {
  const losses = metrics.filter((name) => epochMetrics[name].isObjective === true);
  if (haveOneObjective || losses.length === 0) return '';
  const names = joinWords(losses.map((name) => epochMetrics[name].title));
  return ` The runs minimise different objectives, so that the heights of their curves of ${names} say nothing of each other; those of a cross-entropy do.`;
}

/** Over how many images a metric's means are, where it is undefined for some. */
export function noteImages(
  metric: EpochMetricName,
  counts: readonly (MeanImages | null | undefined)[],
): string {
  const known = counts.filter((count) => count != null);
  if (!known.some(leavesOut)) return '';
  const spread = (values: readonly number[]): string => {
    const [least, most] = extentOf(values);
    return least === most ? String(least) : `${least} to ${most}`;
  };
  const [defined, all] = [known.map((count) => count.defined), known.map((count) => count.all)];
  return ` The means of ${epochMetrics[metric].title} are over the n = ${spread(defined)} of ${spread(all)} test images for which it is defined.`;
}
