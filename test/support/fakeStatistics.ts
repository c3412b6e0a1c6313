import { setTimeout as wait } from 'node:timers/promises';
import { writeComparisonTable } from '../../src/main/export/comparisonTable.ts';
import { buildGroupTable, buildMetricTable } from '../../src/main/export/metricTables.ts';
import { formatTable } from '../../src/main/export/tableFormats.ts';
import type { WorkbenchApi } from '../../src/main/router.ts';
import {
  isOfExamples,
  type Measure,
  type RunMeasures,
} from '../../src/core/metrics/comparedMetrics.ts';
import {
  byName,
  comparedExampleMetricNames,
  type ComparedExampleMetricName,
} from '../../src/core/metrics/exampleMetrics.ts';
import { comparedEpochMetricNames, readMetric } from '../../src/core/metrics/epochMetrics.ts';
import { calibrate } from '../../src/core/metrics/calibration.ts';
import type { Predictions } from '../../src/core/metrics/metric.ts';
import {
  predictionSetMetricNames,
  predictionSetMetrics,
} from '../../src/core/metrics/predictionSetMetrics.ts';
import {
  comparisonQuerySchema,
  metricTableQuerySchema,
  type ComparedSide,
  type Comparison,
  type ComparisonQuery,
  type EpochChoice,
} from '../../src/core/statistics/comparison.ts';
import type { LongTaskProgress } from '../../src/shared/longTask.ts';
import {
  exampleQuerySchema,
  type EpochMetrics,
  type Example,
  type Run,
} from '../../src/core/records.ts';
import {
  compareExamples,
  type MeasuredExamples,
} from '../../src/core/statistics/compareExamples.ts';
import { compareSeeds } from '../../src/core/statistics/compareSeeds.ts';
import { groupBySeed, pairRuns } from '../../src/core/statistics/pairRuns.ts';
import { countOf, fakeExample, listFakeExamples } from './fakeExamples.ts';

function epochOf(run: Run, choice: EpochChoice): number {
  if (typeof choice === 'number') return choice;
  const last = run.epochs.at(-1)?.epoch ?? 0;
  return choice === 'best' ? (run.bestEpoch ?? last) : last;
}

function metricsOf(run: Run, choice: EpochChoice): EpochMetrics {
  const found = run.epochs.find(({ epoch }) => epoch === epochOf(run, choice));
  if (found === undefined) throw new Error(`${run.name} has no such epoch`);
  return found;
}

/** Made-up map metrics that follow the made-up correlation. */
function metricOf(example: Example, name: ComparedExampleMetricName): number {
  const likeness = example.inputCorrelation ?? 0;
  if (name === 'ssim') return 0.8 * likeness;
  if (name === 'absoluteDistance') return 0.3 - 0.2 * likeness;
  if (name === 'squaredDistance') return 0.2 - 0.15 * likeness;
  if (name === 'pointing') return likeness > 0.35 ? 1 : 0;
  return example[name] ?? Number.NaN;
}

function measure(run: Run, choice: EpochChoice): MeasuredExamples {
  const query = exampleQuerySchema.parse({ runId: run.id, epoch: epochOf(run, choice) });
  const examples = listFakeExamples(run, query);
  const values = byName(comparedExampleMetricNames, (name) =>
    Float32Array.from(examples, (example) => metricOf(example, name)),
  );
  return { correct: Uint8Array.from(examples, ({ correct }) => Number(correct)), values };
}

/** Made-up probabilities as the history has them. */
function predictionsOf(run: Run, choice: EpochChoice): Predictions {
  const epoch = epochOf(run, choice);
  const examples = Array.from({ length: countOf(run) }, (_, id) => fakeExample(run, id, epoch));
  return {
    classes: examples[0]?.probabilities.length ?? 0,
    labels: Uint8Array.from(examples, ({ label }) => label),
    probabilities: Float32Array.from(examples.flatMap(({ probabilities }) => probabilities)),
  };
}

function summarize(run: Run, choice: EpochChoice): RunMeasures {
  const { values, correct } = measure(run, choice);
  const mean = (column: ArrayLike<number>): Measure => {
    const defined = Array.from(column).filter((value) => !Number.isNaN(value));
    const value = defined.reduce((sum, each) => sum + each, 0) / defined.length;
    return { value, standardError: 0.01, n: defined.length, images: column.length };
  };
  const known = metricsOf(run, choice);
  const count = (value: number | null): Measure => ({
    value,
    standardError: null,
    n: correct.length,
    images: correct.length,
  });
  return {
    ...byName(comparedEpochMetricNames, (name) => count(readMetric(known, name))),
    ...byName(comparedExampleMetricNames, (name) => mean(values[name])),
    ...byName(predictionSetMetricNames, (name) =>
      count(predictionSetMetrics[name].measure(predictionsOf(run, choice))),
    ),
    testAccuracy: mean(correct),
  };
}

const describeSide = (label: string, runs: readonly Run[], choice: EpochChoice): ComparedSide => ({
  label,
  runs: runs.map((run) => ({
    runId: run.id,
    name: run.name,
    seed: run.seed,
    epoch: epochOf(run, choice),
    numericsVersion: metricsOf(run, choice).numericsVersion,
  })),
});

function compare(
  runs: Run[],
  { epoch, bootstrapSeed, metrics }: Omit<ComparisonQuery, 'runIds'>,
): Comparison {
  const pairing = pairRuns(runs);
  if (pairing.kind === 'seeds') {
    const [a, b] = pairing.groups;
    return compareSeeds(
      [describeSide(a.label, a.runs, epoch), describeSide(b.label, b.runs, epoch)],
      [a.runs.map((run) => summarize(run, epoch)), b.runs.map((run) => summarize(run, epoch))],
      metrics,
    );
  }
  const { runs: pair, labels, warnings } = pairing;
  const sides = [
    describeSide(labels[0], [pair[0]], epoch),
    describeSide(labels[1], [pair[1]], epoch),
  ] as const;
  const measured = [measure(pair[0], epoch), measure(pair[1], epoch)] as const;
  const tested = (metrics ?? comparedExampleMetricNames).filter(isOfExamples);
  const work = compareExamples(sides, measured, { bootstrapSeed, metrics: tested, warnings });
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

async function* pause(
  step: string,
  stepMs: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<LongTaskProgress, void> {
  for (let done = 0; done <= 10; done += 1) {
    signal?.throwIfAborted();
    yield { step, done: done * 1_000, total: 10_000 };
    await wait(stepMs);
  }
}

/** Comparisons of made-up examples by the real arithmetic. */
export const createFakeStatistics = (
  find: (runId: string) => Run,
  stepMs: number,
): WorkbenchApi['statistics'] => ({
  compare: async function* (asked, { signal }) {
    const { runIds, ...query } = comparisonQuerySchema.parse(asked);
    yield* pause('Bootstrap', stepMs, signal);
    return compare(runIds.map(find), query);
  },
  measures: async function* ({ runs, metrics }, { signal }) {
    yield* pause('Measuring runs', stepMs / 10, signal);
    const setMetrics = predictionSetMetricNames.filter((name) => metrics.includes(name));
    return runs.map(({ runId, epoch }) => {
      const run = find(runId);
      if (setMetrics.length === metrics.length) {
        const predictions = predictionsOf(run, epoch);
        return byName(setMetrics, (name) => predictionSetMetrics[name].measure(predictions));
      }
      const measures = summarize(run, epoch);
      return byName(metrics, (name) => measures[name].value);
    });
  },
  calibration: async ({ runs, bins }) =>
    Promise.resolve(
      runs.map(({ runId, epoch }) => calibrate(predictionsOf(find(runId), epoch), bins)),
    ),
  comparisonTable: async ({ comparison, format }) =>
    Promise.resolve(writeComparisonTable(comparison, format)),
  metricTable: async function* (asked, { signal }) {
    const query = metricTableQuerySchema.parse(asked);
    const { runIds, metrics, epoch, boldBest, group } = query;
    yield* pause('Maps', stepMs / 10, signal);
    const shown = {
      metrics: metrics ?? ['testAccuracy', 'inputCorrelation', 'ssim'],
      epoch,
      boldBest,
    };
    const measured = (runs: readonly Run[]) =>
      runs.map((run) => ({ run, epoch: metricsOf(run, epoch), measures: summarize(run, epoch) }));
    const runs = runIds.map(find);
    const groups = groupBySeed(runs).map((seeds) => ({ ...seeds, runs: measured(seeds.runs) }));
    return formatTable(
      group === 'seeds' ? buildGroupTable(groups, shown) : buildMetricTable(measured(runs), shown),
      query.format,
      query,
    );
  },
});
