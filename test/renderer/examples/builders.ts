import fc from 'fast-check';
import type { EpochColumns } from '../../../src/renderer/examples/epochColumns.ts';
import { computeVerdicts } from '../../../src/renderer/examples/probabilities.ts';
import { byName, recordedMetricNames } from '../../../src/core/metrics/exampleMetrics.ts';

export interface Row {
  exampleId: number;
  label: number;
  probabilities: number[];
  inputCorrelation?: number;
}

/** Columns of rows with native maps of 2x2, level = exampleId. */
export function buildColumns(rows: readonly Row[], epoch = 1): EpochColumns {
  const classes = rows[0]?.probabilities.length ?? 3;
  const probabilities = Float32Array.from(rows.flatMap((row) => row.probabilities));
  const correlations = Float32Array.from(rows, (row) => row.inputCorrelation ?? Number.NaN);
  return {
    epoch,
    count: rows.length,
    classes,
    classNames: Array.from({ length: classes }, (_, k) => String(k)),
    imageSize: 4,
    exampleIds: Uint32Array.from(rows, ({ exampleId }) => exampleId),
    labels: Uint8Array.from(rows, ({ label }) => label),
    ...computeVerdicts(probabilities, classes),
    probabilities,
    measures: byName(recordedMetricNames, () => correlations),
    maps: {
      mapSize: 2,
      levels: Uint8Array.from(
        rows.flatMap(({ exampleId }) => new Array<number>(4).fill(exampleId)),
      ),
      scales: new Float32Array(rows.length).fill(1),
    },
    bytes: 0,
  };
}

/** Rows with distinct, ascending exampleIds and 3 classes. */
export const anyRows: fc.Arbitrary<Row[]> = fc
  .uniqueArray(fc.nat(60), { maxLength: 25 })
  .chain((ids) =>
    fc.tuple(
      ...ids
        .sort((a, b) => a - b)
        .map((exampleId) =>
          fc.record({
            exampleId: fc.constant(exampleId),
            label: fc.nat(2),
            probabilities: fc
              .array(fc.integer({ min: 1, max: 20 }), { minLength: 3, maxLength: 3 })
              .map((weights) => weights.map((w) => w / weights.reduce((sum, x) => sum + x, 0))),
            inputCorrelation: fc.constantFrom(Number.NaN, -0.5, 0, 0.25, 0.25, 0.9),
          }),
        ),
    ),
  );
