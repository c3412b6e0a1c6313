import { comparedMetrics } from '../../../core/metrics/comparedMetrics.ts';
import type { ComparisonRow } from '../../../core/statistics/comparisonRows.ts';
import { formatDecimal, missing } from '../../composables/format.ts';
import { inPoints } from '../../composables/metricFormat.ts';

/** `0.280`, over seeds `0.280 ± 0.012`. */
export function formatMean(
  mean: number | null,
  deviation: number | null,
  decimals: number,
): string {
  const text = formatDecimal(mean, decimals);
  return mean === null || deviation === null
    ? text
    : `${text} ± ${formatDecimal(deviation, decimals)}`;
}

/** `+0.381`, with its sign; of percentages `+0.73 pp`. */
export function formatDifference({ metric, difference, decimals }: ComparisonRow): string {
  if (difference === null) return missing;
  const text = inPoints(comparedMetrics[metric], formatDecimal(difference, decimals));
  return difference > 0 ? `+${text}` : text;
}

/** `0.372 to 0.390`, of percentages with their points. */
export const formatInterval = ({ metric, low, high, decimals }: ComparisonRow): string =>
  low === null || high === null
    ? missing
    : inPoints(
        comparedMetrics[metric],
        `${formatDecimal(low, decimals)} to ${formatDecimal(high, decimals)}`,
      );

/** Whether the second side is the better one; '' where neither can be. */
export function judge({ metric, difference }: ComparisonRow): 'better' | 'worse' | '' {
  const { better } = comparedMetrics[metric];
  if (better === null || difference === null || difference === 0) return '';
  return difference > 0 === (better === 'higher') ? 'better' : 'worse';
}
