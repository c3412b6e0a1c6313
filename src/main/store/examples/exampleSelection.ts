import type { PredictionColumns } from '../../../core/figures/columns.ts';
import { decide, type Decision } from '../../../core/metrics/decide.ts';
import {
  byName,
  derivedMetricNames,
  recordedMetricNames,
  type DerivedMetricName,
} from '../../../core/metrics/exampleMetrics.ts';
import type { Example, ExampleFilter, ExampleQuery, ExampleSort } from '../../../core/records.ts';

/** Predictions of one epoch, in the order of `exampleIds`; NaN where undefined. */
export interface EpochPredictions extends PredictionColumns {
  /** [N] */
  maskArea: Float32Array;
}

/** Metrics that are computed from an epoch's maps, [N] each; NaN where undefined. */
export type DerivedColumns = Record<DerivedMetricName, Float32Array>;

const definedOrNull = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

function buildExample(
  of: EpochPredictions,
  position: number,
  decision: Decision,
  derived: DerivedColumns | null,
): Example {
  const label = of.labels[position] ?? 0;
  const start = position * of.classes;
  return {
    exampleId: of.exampleIds[position] ?? 0,
    epoch: of.epoch,
    label,
    correct: decision.predictedClass === label,
    ...decision,
    probabilities: [...of.probabilities.subarray(start, start + of.classes)],
    ...byName(recordedMetricNames, (name) => definedOrNull(of.measures[name][position])),
    maskArea: of.maskArea[position] ?? 0,
    ...(derived && byName(derivedMetricNames, (name) => definedOrNull(derived[name][position]))),
  };
}

type Passes = (correct: boolean, sure: boolean) => boolean;

const passes: Record<ExampleFilter, Passes> = {
  all: () => true,
  misclassified: (correct) => !correct,
  'low-confidence': (_, sure) => !sure,
  'true-low-confidence': (correct, sure) => correct && !sure,
  'confident-misclassified': (correct, sure) => !correct && sure,
};

/** Ascending or descending by a value, undefined ones last in either case, then by exampleId. */
function compareBy(key: ExampleSort, descending: boolean) {
  const sign = descending ? -1 : 1;
  return (a: Example, b: Example): number => {
    const [first, second] = [a[key] ?? null, b[key] ?? null];
    const byId = a.exampleId - b.exampleId;
    if (first === null || second === null) {
      return Number(first === null) - Number(second === null) || byId;
    }
    return sign * (first - second) || byId;
  };
}

export type Selection = Omit<ExampleQuery, 'runId' | 'epoch'>;

/**
 * The images that pass every filter, sorted.
 *
 * @param derived what was computed from the epoch's maps, to be listed and sorted by as well
 */
export function selectExamples(
  of: EpochPredictions,
  query: Selection,
  derived: DerivedColumns | null = null,
): Example[] {
  const { label: wantedLabel, predictedClass: wantedClass, threshold } = query;
  const filters = query.filters.map((filter) => passes[filter]);
  const selected: Example[] = [];
  for (const [position, label] of of.labels.entries()) {
    if (wantedLabel !== null && label !== wantedLabel) continue;
    const decision = decide(of.probabilities, position * of.classes, of.classes);
    const { predictedClass, confidence } = decision;
    if (wantedClass !== null && predictedClass !== wantedClass) continue;
    const [correct, sure] = [predictedClass === label, confidence >= threshold];
    if (filters.every((filter) => filter(correct, sure))) {
      selected.push(buildExample(of, position, decision, derived));
    }
  }
  selected.sort(compareBy(query.sort, query.descending));
  return query.limit === null ? selected : selected.slice(0, query.limit);
}

/** Bins of confidence, each 1 / 100 wide: bin b holds b/100 <= confidence < (b+1)/100, the last 1 too. */
export const confidenceBins = 100;

export interface ExampleCounts {
  epoch: number;
  total: number;
  /** Right or wrong, with a confidence not below (sure) or below the threshold (unsure). */
  rightSure: number;
  rightUnsure: number;
  wrongSure: number;
  wrongUnsure: number;
  /** Images per bin of confidence, `confidenceBins` each. */
  rightByConfidence: number[];
  wrongByConfidence: number[];
}

/** How many images are right or wrong, sure or unsure, and how confidence is spread. */
export function countExamples(of: EpochPredictions, threshold: number): ExampleCounts {
  const right = new Array<number>(confidenceBins).fill(0);
  const wrong = new Array<number>(confidenceBins).fill(0);
  const counts = { rightSure: 0, rightUnsure: 0, wrongSure: 0, wrongUnsure: 0 };
  for (const [position, label] of of.labels.entries()) {
    const { predictedClass, confidence } = decide(
      of.probabilities,
      position * of.classes,
      of.classes,
    );
    const correct = predictedClass === label;
    const bin = Math.min(confidenceBins - 1, Math.floor(confidence * confidenceBins));
    const bins = correct ? right : wrong;
    bins[bin] = (bins[bin] ?? 0) + 1;
    counts[`${correct ? 'right' : 'wrong'}${confidence >= threshold ? 'Sure' : 'Unsure'}`] += 1;
  }
  return {
    epoch: of.epoch,
    total: of.labels.length,
    ...counts,
    rightByConfidence: right,
    wrongByConfidence: wrong,
  };
}
