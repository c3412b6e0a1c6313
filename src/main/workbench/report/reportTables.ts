import { settingTitle } from '../../../core/config/settingTitle.ts';
import { findSetting, settingPaths, type SettingValue } from '../../../core/config/settings.ts';
import { nameDatasets, shortenDatasetId } from '../../../core/datasetNames.ts';
import { judgedEpoch } from '../../../core/metrics/judgedEpoch.ts';
import { trainingTimeMs } from '../../../core/metrics/trainingTime.ts';
import { summarizeModel } from '../../../core/models/summary.ts';
import type { DatasetRecord, EngineInfo, Run } from '../../../core/records.ts';
import {
  relevantDifferences,
  usedValues,
  type RunGroup,
} from '../../../core/statistics/pairRuns.ts';
import type { Split } from '../../../shared/trainerEvents.ts';
import type { Cell, Column, Table } from '../../export/table.ts';

const column = (key: string, title: string, unit = ''): Column => ({ key, title, unit });
const text = (value: string): Cell => ({ text: value });
const number = (value: number, decimals = 0): Cell => ({ value, decimals });

const printValue = (path: string, value: SettingValue | undefined): Cell => {
  if (value === undefined) return null;
  if (value === null) return text(findSetting(path).nullMeans ?? 'none');
  return text(String(value));
};

/** How many weights a configuration trains. */
const countParameters = ({ config }: Run, dataset: DatasetRecord): number =>
  summarizeModel(config.model, dataset, dataset.classNames.length).parameters;

/** In what the configurations differ, a column for each. */
export function buildSetupTable(
  groups: readonly RunGroup[],
  datasetOf: (run: Run) => DatasetRecord,
): Table {
  const firsts = groups.flatMap(({ runs: [first] }) => first ?? []);
  const values = firsts.map(({ config }) => usedValues(config));
  const paths = relevantDifferences(firsts.map(({ config }) => config));
  // What only some configurations have is a difference as well.
  const partial = settingPaths.filter(
    (path) => values.some((own) => own.has(path)) && !values.every((own) => own.has(path)),
  );
  const shown = settingPaths.filter((path) => paths.includes(path) || partial.includes(path));
  return {
    caption:
      'In what the configurations differ; a dash where one has no such setting. Parameters are those that are trained.',
    label: 'setup',
    columns: [
      column('setting', 'Setting'),
      ...groups.map(({ label }, i) => column(`group${i + 1}`, label)),
    ],
    rows: [
      ...shown.map((path) => [
        text(settingTitle(path)),
        ...values.map((own) => printValue(path, own.get(path))),
      ]),
      [text('Parameters'), ...firsts.map((run) => number(countParameters(run, datasetOf(run))))],
      [text('Seeds'), ...groups.map(({ runs }) => text(runs.map(({ seed }) => seed).join(', ')))],
    ],
  };
}

/** The settings that all configurations share, two beside each other. */
export function buildSharedTable(groups: readonly RunGroup[]): Table {
  const values = groups.flatMap(({ runs: [first] }) => (first ? [usedValues(first.config)] : []));
  const [own] = values;
  const shared = settingPaths.filter((path) =>
    values.every((other) => other.has(path) && other.get(path) === own?.get(path)),
  );
  const cells = shared.map((path): Cell[] => [
    text(settingTitle(path)),
    printValue(path, own?.get(path)),
  ]);
  const half = Math.ceil(cells.length / 2);
  return {
    caption: 'Settings that all configurations share.',
    label: 'shared',
    columns: [
      ...[column('setting', 'Setting'), column('value', 'Value')],
      ...[column('settingToo', 'Setting'), column('valueToo', 'Value')],
    ],
    rows: cells.slice(0, half).map((row, i) => [...row, ...(cells[half + i] ?? [null, null])]),
  };
}

export interface SeenData {
  dataset: DatasetRecord;
  split: Split;
}

const list = (values: number | readonly number[]): string => [values].flat().join(', ');

/** What was trained and tested on: a row for each set and division of it. */
export function buildDataTable(seen: readonly SeenData[]): Table {
  const names = nameDatasets(seen.map(({ dataset }) => dataset));
  return {
    caption:
      'Data: images of each part, and what pixels, between 0 and 1, are normalised with. The test images never steer training.',
    label: 'data',
    columns: [
      column('dataset', 'Data set'),
      column('pixels', 'Image'),
      column('classes', 'Classes'),
      column('train', 'Training'),
      column('validation', 'Validation'),
      column('test', 'Test'),
      column('mean', 'Mean'),
      column('deviation', 'Deviation'),
      column('sha256', 'SHA-256'),
    ],
    rows: seen.map(({ dataset, split }, i) => [
      text(names[i] ?? dataset.name),
      text(`${dataset.imageSize} × ${dataset.imageSize}${dataset.channels === 3 ? ' × 3' : ''}`),
      number(dataset.classNames.length),
      ...[split.train, split.validation, split.test].map(({ length }) => number(length)),
      text(list(dataset.mean)),
      text(list(dataset.standardDeviation)),
      text(shortenDatasetId(dataset.id)),
    ]),
  };
}

/** What computed: a row for each engine, with how many runs it trained. */
export function buildEngineTable(runs: readonly Run[]): Table {
  const byEngine = Map.groupBy(runs, ({ engine }) => JSON.stringify(engine));
  return {
    caption:
      'Engines. On one of them the same configuration and seed give the same numbers to the bit (with as many threads, where the engine is native).',
    label: 'engines',
    columns: [
      column('engine', 'Engine'),
      column('device', 'Device'),
      column('threads', 'Threads'),
      column('versions', 'Versions'),
      column('runs', 'Runs'),
    ],
    rows: [...byEngine.values()].map((trained) => {
      const engine: EngineInfo | null = trained[0]?.engine ?? null;
      const versions = Object.entries(engine?.versions ?? {}).map((pair) => pair.join(' '));
      return [
        text(engine?.name ?? ''),
        text(engine?.device ?? ''),
        engine === null ? null : number(engine.threads),
        text(versions.join(', ')),
        number(trained.length),
      ];
    }),
  };
}

/** A run's weights at the epoch it is judged by, as `checksumWeights` has them; null where they were given up. */
export type ChecksumOf = (run: Run) => string | null;

const shownDigits = 12;

/**
 * Every run, and by what it is known.
 *
 * @param isWhole with all digits of the checksums, for a file
 */
export function buildRunsTable(
  groups: readonly RunGroup[],
  checksumOf: ChecksumOf,
  isWhole: boolean,
): Table {
  return {
    caption: `Runs. Weights: the first ${shownDigits} digits of the SHA-256 of their numbers, as “weights --epoch best” says it; runs.csv has all of them.`,
    label: 'runs',
    columns: [
      column('group', 'Configuration'),
      column('run', 'Run'),
      column('id', 'Id'),
      column('seed', 'Seed'),
      column('epochs', 'Epochs'),
      column('best', 'Best'),
      column('minutes', 'Training time', 'min'),
      column('weights', 'Weights'),
    ],
    rows: groups.flatMap(({ label, runs }) =>
      runs.map((run) => {
        const best = judgedEpoch(run)?.epoch ?? 0;
        const checksum = checksumOf(run) ?? '';
        return [
          ...[text(label), text(run.name), text(run.id), number(run.seed)],
          ...[number(run.epochs.at(-1)?.epoch ?? 0), number(best)],
          number(trainingTimeMs(run.epochs) / 60_000, 1),
          text(isWhole ? checksum : checksum.slice(0, shownDigits)),
        ];
      }),
    ),
  };
}
