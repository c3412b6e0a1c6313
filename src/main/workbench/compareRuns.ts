import {
  comparedMetricNames,
  isOfExamples,
  type ComparedMetricName,
  type RunMeasures,
} from '../../core/metrics/comparedMetrics.ts';
import {
  comparedExampleMetricNames,
  isDerived,
  type ComparedExampleMetricName,
} from '../../core/metrics/exampleMetrics.ts';
import type {
  ComparedSide,
  Comparison,
  ComparisonQuery,
  EpochChoice,
} from '../../core/statistics/comparison.ts';
import { bootstrapResamples } from '../../core/statistics/comparison.ts';
import { nameDatasets } from '../../core/datasetNames.ts';
import { invalidArgument } from '../../core/errors.ts';
import type { Run } from '../../core/records.ts';
import { compareExamples } from '../../core/statistics/compareExamples.ts';
import { compareSeeds } from '../../core/statistics/compareSeeds.ts';
import { pairRuns } from '../../core/statistics/pairRuns.ts';
import { type LongTaskOptions, compute } from '../platform/longTask.ts';
import { chooseEpoch, measureExamples, measureRun, type MeasureParts } from './measures.ts';

/** Refuses runs that have no images in common: another data set, or another part of its test split. */
export function checkSameImages(
  { history }: Pick<MeasureParts, 'history'>,
  runs: readonly Run[],
): void {
  const [first, ...others] = runs.map((run) => ({ run, data: history.splits.get(run.id) }));
  for (const { run, data } of others) {
    if (first?.data?.dataset.id !== data?.dataset.id) {
      const [a = '', b = ''] = nameDatasets(
        [first?.data, data].map((seen) => seen?.dataset ?? { name: 'nothing', id: '' }),
      );
      throw invalidArgument(
        `${first?.run.name ?? ''} was tested on ${a} and ${run.name} on ${b}: they have no image in common.`,
        'Compare runs of one data set.',
      );
    }
    const [a, b] = [first?.data?.split.test, data?.split.test];
    if (a?.length === b?.length && a?.every((id, i) => id === b?.[i]) === true) continue;
    throw invalidArgument(
      `${first?.run.name ?? ''} was tested on ${a?.length ?? 0} images and ${run.name} on ${b?.length ?? 0} that are not the same ones.`,
      'Compare runs with the same testExamples, testFraction and splitSeed.',
    );
  }
}

const describeSide = (label: string, runs: readonly Run[], choice: EpochChoice): ComparedSide => ({
  label,
  runs: runs.map((run) => {
    const { epoch, numericsVersion } = chooseEpoch(run, choice);
    return { runId: run.id, name: run.name, seed: run.seed, epoch, numericsVersion };
  }),
});

/** The runs' values one after the other: their metrics share the progress. */
async function measureAll(
  parts: MeasureParts,
  runs: readonly Run[],
  choice: EpochChoice,
  options: LongTaskOptions & { metrics: readonly ComparedMetricName[] },
): Promise<RunMeasures[]> {
  const measured = [];
  for (const run of runs) {
    const epoch = chooseEpoch(run, choice);
    measured.push(await measureRun(parts, run, epoch, options));
  }
  return measured;
}

/** Metrics to be tested between two runs beside accuracy, which always is: those of single images. */
function chooseExampleMetrics(metrics: ComparisonQuery['metrics']): ComparedExampleMetricName[] {
  const wanted = metrics ?? comparedExampleMetricNames;
  const foreign = wanted.find((name) => name !== 'testAccuracy' && !isOfExamples(name));
  if (foreign !== undefined) {
    throw invalidArgument(
      `Two runs are compared on single images, and ${foreign} is not a metric of single images.`,
      `Choose from testAccuracy, ${comparedExampleMetricNames.join(', ')}, or compare runs over several seeds.`,
    );
  }
  return wanted.filter(isOfExamples);
}

async function compareTwo(
  parts: MeasureParts,
  { runs: [a, b], labels, warnings }: Extract<ReturnType<typeof pairRuns>, { kind: 'examples' }>,
  { epoch, bootstrapSeed, metrics }: ComparisonQuery,
  options: LongTaskOptions,
): Promise<Comparison> {
  const sides = [describeSide(labels[0], [a], epoch), describeSide(labels[1], [b], epoch)] as const;
  const tested = chooseExampleMetrics(metrics);
  const withDerived = { ...options, withDerived: tested.some(isDerived) };
  const first = await measureExamples(parts, a.id, chooseEpoch(a, epoch).epoch, withDerived);
  const second = await measureExamples(parts, b.id, chooseEpoch(b, epoch).epoch, withDerived);
  const work = compareExamples(sides, [first, second], {
    bootstrapSeed,
    metrics: tested,
    warnings,
  });
  return compute(work, { step: 'Bootstrap', total: bootstrapResamples }, options);
}

/**
 * Two runs on the same examples, or several over seeds (see `pairRuns`). INVALID_ARGUMENT for runs that
 * cannot be compared, NOT_FOUND where one lacks the epoch.
 */
export async function compareRuns(
  parts: MeasureParts,
  query: ComparisonQuery,
  options: LongTaskOptions,
): Promise<Comparison> {
  const runs = query.runIds.map((runId) => parts.history.runs.get(runId));
  const pairing = pairRuns(runs);
  checkSameImages(parts, runs);
  if (pairing.kind === 'examples') return compareTwo(parts, pairing, query, options);
  const { epoch, metrics } = query;
  const measured = { ...options, metrics: metrics ?? comparedMetricNames };
  const [a, b] = pairing.groups;
  const sides = [
    describeSide(a.label, a.runs, epoch),
    describeSide(b.label, b.runs, epoch),
  ] as const;
  const measuredA = await measureAll(parts, a.runs, epoch, measured);
  const measuredB = await measureAll(parts, b.runs, epoch, measured);
  return compareSeeds(sides, [measuredA, measuredB], metrics);
}
