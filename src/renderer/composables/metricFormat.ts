import type { Metric, MetricKind } from '../../core/metrics/metric.ts';
import {
  formatDecimal,
  formatDuration,
  formatInteger,
  formatShare,
  type OptionalNumber,
} from './format.ts';

const formatSeconds = (value: OptionalNumber): string =>
  value != null && value < 60_000 ? `${formatDecimal(value / 1000, 1)} s` : formatDuration(value);

const formats: Record<MetricKind, (value: OptionalNumber, decimals: number) => string> = {
  share: formatShare,
  count: formatInteger,
  loss: formatDecimal,
  index: formatDecimal,
  duration: formatSeconds,
  rate: formatInteger,
};

/** A metric's plain value as the window writes it; a dash where there is none. */
export const formatMetric = ({ kind, decimals }: Metric, value: OptionalNumber): string =>
  formats[kind](value, decimals);

/** A difference of values as written: percentages differ by percentage points. */
export const inPoints = ({ kind }: Pick<Metric, 'kind'>, text: string): string =>
  kind === 'share' ? text.replace(/%?$/, ' pp') : text;
