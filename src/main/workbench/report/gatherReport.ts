import { extentOf } from '../../../core/arrays.ts';
import { AfterimageError } from '../../../core/errors.ts';
import { paradigmOf } from '../../../core/config/objectives.ts';
import type { ComparedMetricName } from '../../../core/metrics/comparedMetrics.ts';
import { judgedEpoch } from '../../../core/metrics/judgedEpoch.ts';
import { listVersions } from '../../../core/numericsVersion.ts';
import { oncePerObject } from '../../../core/oncePerObject.ts';
import type { Run } from '../../../core/records.ts';
import {
  checkDistinctSeeds,
  groupBySeed,
  type RunGroup,
} from '../../../core/statistics/pairRuns.ts';
import { studyOfRuns } from '../../../core/studies/studyOfRuns.ts';
import type { Study } from '../../../core/studies/study.ts';
import { buildEpochsTable } from '../../export/epochTable.ts';
import type { FigureMaker } from '../../export/figureFiles.ts';
import type { Report, ReportBlock } from '../../export/report/report.ts';
import { splitTable } from '../../export/report/report.ts';
import type { Table } from '../../export/table.ts';
import { checksumWeights } from '../../export/weightsFile.ts';
import type { Report as Tell } from '../../platform/threads.ts';
import type { MeasureParts } from '../measures.ts';
import { tabulateMetrics } from '../metricTable.ts';
import { drawFigures } from './reportFigures.ts';
import { describeRepeating } from './repeating.ts';
import {
  buildDataTable,
  buildEngineTable,
  buildRunsTable,
  buildSetupTable,
  buildSharedTable,
  type ChecksumOf,
  type SeenData,
} from './reportTables.ts';
import { testGroups } from './reportTests.ts';

/** What a report is of. */
export interface ReportRequest {
  /** Of the study, else what the report is called. */
  title: string;
  /** Markdown; may be empty. */
  question: string;
  runIds: readonly string[];
  /** Null: runs that somebody chose. */
  study: Study | null;
  /** Runs that the study asks for and that are not there yet, by their names. */
  missing: readonly string[];
}

export interface ReportParts extends MeasureParts {
  maker: FigureMaker;
}

export interface GatheredReport {
  report: Report;
  /** From which the same runs are trained again. */
  study: Study;
  /** Every run with whole checksums. */
  runs: Table;
  /** Every metric of every epoch of each. */
  epochs: Table;
}

/** Table 1 of the paper, over seeds. */
const reported: readonly ComparedMetricName[] = [
  'testAccuracy',
  'falsePredictions',
  'trueLowConfidence',
  'inputCorrelation',
  'energyInside',
  'iou',
];

const tableBlocks = (table: Table, layout: 'auto' | 'rows' = 'auto'): ReportBlock[] =>
  splitTable(table).map((page) => ({ kind: 'table', table: page, stem: page.label, layout }));

/** The runs of a report; INVALID_ARGUMENT where there is none, or one has no epoch to be judged by. */
function findRuns({ history }: ReportParts, { runIds, title }: ReportRequest): Run[] {
  const runs = [...new Set(runIds)].map((runId) => history.runs.get(runId));
  const [first] = runs;
  if (first === undefined) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `${title} has no run that is done: there is nothing to report.`,
      'Train its runs first.',
    );
  }
  const begun = runs.find(({ bestEpoch }) => bestEpoch === null);
  if (begun === undefined) return runs;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `Run ${begun.name} was not trained for an epoch yet.`,
    'Leave it out, or train it first.',
  );
}

function listData({ history }: ReportParts, runs: readonly Run[]): SeenData[] {
  const seen = runs.flatMap(({ id }) => history.splits.get(id) ?? []);
  const byDivision = new Map(
    seen.map(({ dataset, split }) => [
      `${dataset.id} ${split.train.join()} ${split.validation.join()} ${split.test.join()}`,
      { dataset, split },
    ]),
  );
  return [...byDivision.values()];
}

const checksums = ({ history: { weights } }: ReportParts): ChecksumOf =>
  oncePerObject((run) => {
    const epoch = judgedEpoch(run)?.epoch ?? 0;
    const isKept = weights.list(run.id).includes(epoch);
    return isKept ? checksumWeights(weights.get(run.id, epoch).weights) : null;
  });

const describeMissing = (missing: readonly string[]): ReportBlock[] =>
  missing.length === 0
    ? []
    : [
        {
          kind: 'text',
          text: `${missing.length} of its runs are not done and not in this report: ${missing.slice(0, 20).join(', ')}${missing.length > 20 ? ', …' : ''}.`,
        },
      ];

function writeSetup(parts: ReportParts, groups: readonly RunGroup[]): ReportBlock[] {
  const runs = groups.flatMap((group) => group.runs);
  const seeds = groups.map(({ runs: { length } }) => length);
  const [least, most] = extentOf(seeds);
  const paradigms = [...new Set(runs.map(({ config }) => paradigmOf(config)))];
  const versions = listVersions(runs.flatMap(({ epochs }) => epochs));
  const words = [
    `${runs.length} runs of ${groups.length} ${groups.length === 1 ? 'configuration' : 'configurations'}, each with ${least === most ? least : `${least} to ${most}`} ${most === 1 ? 'seed' : 'seeds'}.`,
    ...(paradigms.includes('C') ? ['C: cross-entropy.'] : []),
    ...(paradigms.includes('R')
      ? [
          'R: cross-entropy and a contrastive term that pulls each image’s Grad-CAM towards the image.',
        ]
      : []),
    `Every run is judged at the epoch with the lowest validation loss. Arithmetic: version ${versions.join(', ')}.`,
  ];
  const setup = buildSetupTable(groups, ({ id }) => parts.maker.source.getDataset(id));
  return [
    { kind: 'heading', text: 'Setup' },
    { kind: 'text', text: words.join(' ') },
    ...tableBlocks(setup, 'rows'),
    ...tableBlocks(buildDataTable(listData(parts, runs)), 'rows'),
    ...tableBlocks(buildEngineTable(runs), 'rows'),
  ];
}

async function writeResults(
  parts: ReportParts,
  groups: readonly RunGroup[],
  tell: Tell,
): Promise<ReportBlock[]> {
  const runIds = groups.flatMap(({ runs }) => runs.map(({ id }) => id));
  const query = { runIds, epoch: 'best' as const, metrics: [...reported], boldBest: false };
  const table = await tabulateMetrics(parts, { ...query, group: 'seeds' }, { onProgress: tell });
  const { blocks, open } = await testGroups(parts, groups, { onProgress: tell });
  const tests: ReportBlock[] =
    groups.length < 2
      ? [{ kind: 'text', text: 'There is one configuration, so that nothing is compared.' }]
      : [
          { kind: 'heading', text: 'Tests' },
          {
            kind: 'text',
            text: `Each configuration against ${groups[0]?.label ?? ''}, on runs that share a seed, or on the same images where there is one seed. Holm’s adjustment is within a table${groups.length > 2 ? ', not over all of them' : ''}.`,
          },
          ...blocks,
          { kind: 'heading', text: 'What the tests leave open' },
          { kind: 'list', items: open },
        ];
  const lead = 'What the configurations reach on the test images, over their seeds.';
  return [
    { kind: 'heading', text: 'Results' },
    { kind: 'text', text: lead },
    ...tableBlocks(table),
    ...tests,
  ];
}

/**
 * Gathers all that a report of runs says, from the history alone. The same history and version give the
 * same report.
 *
 * @throws AfterimageError INVALID_ARGUMENT where nothing can be reported, or a seed is there twice
 */
export async function gatherReport(
  parts: ReportParts,
  request: ReportRequest,
  tell: Tell,
): Promise<GatheredReport> {
  const runs = findRuns(parts, request);
  const groups = groupBySeed(runs);
  for (const group of groups) checkDistinctSeeds(group);
  const { title, question, missing } = request;
  const study = request.study ?? studyOfRuns(title, question, runs);
  const results = await writeResults(parts, groups, tell);
  const figures = await drawFigures(groups, parts.maker.source, tell);
  const checksumOf = checksums(parts);
  const blocks: ReportBlock[] = [
    ...(question.trim() === ''
      ? []
      : [
          { kind: 'heading', text: 'Question' } as const,
          { kind: 'markdown', text: question } as const,
        ]),
    ...describeMissing(missing),
    ...writeSetup(parts, groups),
    ...results,
    { kind: 'heading', text: 'Figures' },
    ...figures,
    ...describeRepeating(study, runs, parts.maker.version),
    ...tableBlocks(buildRunsTable(groups, checksumOf, false), 'rows'),
    ...tableBlocks(buildSharedTable(groups), 'rows'),
  ];
  const madeBy = `Made by Afterimage ${parts.maker.version}`;
  return {
    report: { title, madeBy, blocks },
    study,
    runs: buildRunsTable(groups, checksumOf, true),
    epochs: buildEpochsTable(groups.flatMap((group) => group.runs)),
  };
}
