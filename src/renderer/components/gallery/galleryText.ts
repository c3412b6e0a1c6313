import { exampleMetrics, recordedMetricNames } from '../../../core/metrics/exampleMetrics.ts';
import { formatDecimal } from '../../composables/format.ts';
import { columnOf } from '../../examples/epochColumns.ts';
import type { EpochColumns } from '../../examples/epochColumns.ts';
import { computeChange } from '../../examples/ordering.ts';
import type { SortKey } from '../../examples/ordering.ts';

const signed = (value: number): string =>
  Number.isNaN(value) ? '–' : `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;

/** The number on a tile: what the gallery is sorted by, or else the confidence. */
export function tileNumbers(
  columns: EpochColumns,
  sort: SortKey,
  previous: EpochColumns | null,
): (position: number) => string {
  if (sort === 'change') {
    const change = computeChange(columns, previous);
    return (position) => signed(change[position] ?? Number.NaN);
  }
  const values = sort === 'exampleId' ? columns.confidence : columnOf(columns, sort);
  return (position) => formatDecimal(values[position], 2);
}

/** One example in words, for a status line and for screen readers. */
export function describeExample(
  columns: EpochColumns,
  position: number,
  classNames: readonly string[],
): string {
  const nameOf = (k: number | undefined): string => classNames[k ?? 0] ?? String(k);
  const parts = [
    `Example ${columns.exampleIds[position] ?? 0}`,
    `label ${nameOf(columns.labels[position])}`,
    `predicted ${nameOf(columns.predictedClasses[position])}`,
    `confidence ${formatDecimal(columns.confidence[position], 3)}`,
    `margin ${formatDecimal(columns.confidenceMargin[position], 3)}`,
    ...recordedMetricNames.map(
      (name) =>
        `${exampleMetrics[name].title} ${formatDecimal(columns.measures[name][position], 2)}`,
    ),
  ];
  return parts.join(' · ');
}
