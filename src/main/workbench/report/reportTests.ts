import { AfterimageError } from '../../../core/errors.ts';
import { isOfExamples, type ComparedMetricName } from '../../../core/metrics/comparedMetrics.ts';
import { usualLevel, type Comparison } from '../../../core/statistics/comparison.ts';
import { listComparisonRows, type ComparisonRow } from '../../../core/statistics/comparisonRows.ts';
import type { Run } from '../../../core/records.ts';
import type { RunGroup } from '../../../core/statistics/pairRuns.ts';
import { printP } from '../../../core/statistics/printP.ts';
import { buildComparisonTable } from '../../export/comparisonTable.ts';
import type { ReportBlock } from '../../export/report/report.ts';
import type { LongTaskOptions } from '../../platform/longTask.ts';
import { compareRuns } from '../compareRuns.ts';
import type { MeasureParts } from '../measures.ts';

/** What is tested between two configurations: accuracy, certainty, and how maps agree with images. */
export const testedMetrics: readonly ComparedMetricName[] = [
  'testAccuracy',
  'trueLowConfidence',
  'inputCorrelation',
  'energyInside',
  'iou',
];

/** Configurations that are compared with the first one; more tests than anybody reads. */
const mostComparisons = 12;
const percent = (share: number): string => `${Math.round(100 * share)}%`;

interface Pair {
  /** Their runs with the seeds that both have. */
  runIds: string[];
  /** Seeds that only one of them has. */
  alone: number[];
}

/** Runs of two configurations whose seeds both have. */
function pairBySeed(a: RunGroup, b: RunGroup): Pair {
  const has = ({ runs }: RunGroup, seed: number): boolean => runs.some((run) => run.seed === seed);
  const members = [...a.runs, ...b.runs];
  const isPaired = ({ seed }: Run): boolean => has(a, seed) && has(b, seed);
  return {
    runIds: members.filter(isPaired).map(({ id }) => id),
    alone: members.filter((run) => !isPaired(run)).map(({ seed }) => seed),
  };
}

/** The least adjusted p-value that a row's tests gave; null where none could be made. */
function leastAdjusted({ tests }: ComparisonRow): number | null {
  const adjusted = tests.flatMap((test) => test?.adjusted ?? []);
  return adjusted.length === 0 ? null : Math.min(...adjusted);
}

/** What a comparison found, and what it leaves open, in a sentence each. */
export function describeOpen(comparison: Comparison): string[] {
  const { a, b } = comparison;
  const between = `Between ${a.label} and ${b.label}`;
  const rows = listComparisonRows(comparison).map((row) => ({ row, p: leastAdjusted(row) }));
  const open = rows.filter(({ p }) => p !== null && p >= usualLevel);
  const untested = rows.filter(({ p }) => p === null);
  const say = ({ row, p }: (typeof rows)[number]): string =>
    `${row.title} (least adjusted p ${describeP(p)})`;
  return [
    open.length === 0
      ? `${between}, every metric tested differs at the ${percent(usualLevel)} level.`
      : `${between}, no difference is shown at the ${percent(usualLevel)} level in ${open.map(say).join(', ')}.`,
    ...(untested.length === 0
      ? []
      : [
          `${between}, ${untested.map(({ row }) => row.title).join(', ')} could not be tested: the differences do not vary, or are too few.`,
        ]),
  ];
}

function describeP(p: number | null): string {
  const printed = printP(p ?? 1);
  return /^[<>]/.test(printed) ? printed : `= ${printed}`;
}

interface Tested {
  blocks: ReportBlock[];
  open: string[];
}

const nothing: Tested = { blocks: [], open: [] };

/** Seeds that one of two configurations has, in words. */
export const describeAlone = (seeds: readonly number[]): string =>
  seeds.length === 1
    ? `seed ${seeds.join('')} has one run of the two and is left out.`
    : `seeds ${seeds.join(', ')} have one run of the two and are left out.`;

async function compareTwo(
  parts: MeasureParts,
  [a, b]: readonly [RunGroup, RunGroup],
  number: number,
  options: LongTaskOptions,
): Promise<Tested> {
  const names = `${a.label} and ${b.label}`;
  const { runIds, alone } = pairBySeed(a, b);
  if (runIds.length < 2) {
    return { ...nothing, open: [`${names} have no seed in common, and were not tested.`] };
  }
  const metrics = runIds.length === 2 ? testedMetrics.filter(isTestedOfTwo) : testedMetrics;
  try {
    const query = { runIds, epoch: 'best' as const, bootstrapSeed: 1, metrics: [...metrics] };
    const comparison = await compareRuns(parts, query, options);
    const stem = `comparison-${number}`;
    const table = { ...buildComparisonTable(comparison), label: stem };
    const left = alone.length === 0 ? [] : [`${names}: ${describeAlone(alone)}`];
    const open = [...describeOpen(comparison), ...comparison.warnings, ...left];
    return { blocks: [{ kind: 'table', table, stem, layout: 'auto' }], open };
  } catch (error) {
    if (!(error instanceof AfterimageError)) throw error;
    return { ...nothing, open: [`${names} were not tested: ${error.message}`] };
  }
}

const isTestedOfTwo = (name: ComparedMetricName): boolean =>
  name === 'testAccuracy' || isOfExamples(name);

/** Every configuration against the first one. */
export async function testGroups(
  parts: MeasureParts,
  groups: readonly RunGroup[],
  options: LongTaskOptions,
): Promise<Tested> {
  const [first, ...others] = groups;
  const tested: Tested = { blocks: [], open: [] };
  if (first === undefined) return tested;
  for (const [i, other] of others.slice(0, mostComparisons).entries()) {
    const { blocks, open } = await compareTwo(parts, [first, other], i + 1, options);
    tested.blocks.push(...blocks);
    tested.open.push(...open);
  }
  if (others.length > mostComparisons) {
    tested.open.push(
      `${others.length - mostComparisons} more configurations were not compared with ${first.label}: “compare” does it.`,
    );
  }
  return tested;
}
