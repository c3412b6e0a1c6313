import { paradigmOf } from '../../core/config/objectives.ts';
import { toPercent } from '../../core/formats/decimalText.ts';
import { defineMetrics, describeEpochOmitted } from '../../core/metrics/comparedMetrics.ts';
import { epochMetrics, meanImages, readMetric } from '../../core/metrics/epochMetrics.ts';
import { recordedMetricNames, type RecordedMetricName } from '../../core/metrics/exampleMetrics.ts';
import { judgementOf } from '../../core/metrics/metric.ts';
import { judgedEpoch } from '../../core/metrics/judgedEpoch.ts';
import { describeCounting, paperFlops, summarizeModel } from '../../core/models/summary.ts';
import { trainingTimeMs } from '../../core/metrics/trainingTime.ts';
import { listVersions, warnOfVersions } from '../../core/numericsVersion.ts';
import type { EpochMetrics, Run } from '../../core/records.ts';
import type { Cell, Column, Table } from './table.ts';

const column = (key: string, title: string, unit = ''): Column => ({ key, title, unit });
const text = (value: string): Cell => ({ text: value });
const number = (value: number | null | undefined, decimals = 0): Cell =>
  value === null || value === undefined ? null : { value, decimals };

const identity = [
  column('run', 'Run'),
  column('paradigm', 'Paradigm'),
  column('dataset', 'Data set'),
  column('seed', 'Seed'),
];
const identify = ({ name, config, seed }: Run): Cell[] => [
  text(name),
  text(paradigmOf(config)),
  text(config.data.dataset),
  number(seed),
];

/** A mean with the number of images that it is over, and a note where those are not all. */
export function meanCell(name: RecordedMetricName, metrics: EpochMetrics | null | undefined): Cell {
  const images = metrics && meanImages(metrics, name);
  if (metrics == null || images == null) return null;
  const counts = [images.defined];
  const value = readMetric(metrics, name);
  if (value === null) return { text: '', exact: null, counts };
  const note = describeEpochOmitted(metrics, name);
  return {
    value,
    decimals: epochMetrics[name].decimals,
    counts,
    ...(note !== undefined && { note }),
  };
}

/** A sentence for captions, with a space before it, where versions of the arithmetic are mixed. */
export function noteVersions(epochs: readonly EpochMetrics[]): string {
  const warning = warnOfVersions(listVersions(epochs));
  return warning === null ? '' : ` ${warning}`;
}

/** Table 1: how well each run classifies, and how well its maps agree with the images. */
export function buildPerformanceTable(runs: readonly Run[]): Table {
  const rows = runs.map((run) => {
    const metrics = judgedEpoch(run);
    const percent = metrics && toPercent(metrics.testAccuracy);
    return [
      ...identify(run),
      number(metrics?.epoch),
      number(percent, 2),
      number(metrics?.falsePredictions),
      number(metrics?.trueLowConfidence),
      ...recordedMetricNames.map((name) => meanCell(name, metrics)),
    ];
  });
  const judged = runs.flatMap((run) => judgedEpoch(run) ?? []);
  const judgements = runs.map(({ config }) => judgementOf(config));
  const defined = defineMetrics(['trueLowConfidence', ...recordedMetricNames], judgements);
  return {
    caption: `Test performance at the epoch with the lowest validation loss. ${defined}; means over the test images.${noteVersions(judged)}`,
    label: 'performance',
    columns: [
      ...identity,
      column('epoch', 'Epoch'),
      column('testAccuracy', epochMetrics.testAccuracy.heading, '%'),
      column('falsePredictions', epochMetrics.falsePredictions.heading),
      column('trueLowConfidence', epochMetrics.trueLowConfidence.heading),
      ...recordedMetricNames.map((name) => ({
        ...column(name, epochMetrics[name].heading),
        countKeys: [`${name}N`],
      })),
    ],
    rows,
  };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/**
 * Table 2: what each run costs. `imageSizes` and `classCounts` are those of each run's data set.
 * Times are wall clock on the engine named.
 */
export function buildCostTable(
  runs: readonly Run[],
  shapes: readonly { imageSize: number; classes: number }[],
): Table {
  const rows = runs.map((run, i) => {
    const { imageSize = 28, classes = 10 } = shapes[i] ?? {};
    const model = summarizeModel(run.config.model, { imageSize }, classes);
    const trained = run.epochs.filter(({ epoch }) => epoch > 0);
    const totalMs = trainingTimeMs(run.epochs);
    const speeds = trained.flatMap(({ imagesPerSecond }) => imagesPerSecond ?? []);
    return [
      ...identify(run),
      number(model.parameters / 1e3, 2),
      number(model.macs / 1e6, 2),
      number(model.flops / 1e6, 2),
      number(trained.length),
      number(trained.length === 0 ? null : totalMs / trained.length / 1000, 1),
      number(totalMs / 60_000, 1),
      number(speeds.length === 0 ? null : sum(speeds) / speeds.length),
      text(run.engine ? `${run.engine.name}, ${run.engine.device}` : ''),
    ];
  });
  return {
    caption: `Size and cost. ${describeCounting(runs.map(({ config }) => config.model.name))} The paper states ${(paperFlops / 1e6).toFixed(2)} M FLOPs for the network at 28 × 28 pixels. Times include evaluation and no pauses.`,
    label: 'cost',
    columns: [
      ...identity,
      column('parametersK', 'Parameters', 'K'),
      column('macsM', 'MACs', 'M'),
      column('flopsM', 'FLOPs', 'M'),
      column('epochs', 'Epochs'),
      column('secondsPerEpoch', 'Time per epoch', 's'),
      column('totalMinutes', 'Training time', 'min'),
      column('imagesPerSecond', 'Training speed', 'images/s'),
      column('engine', 'Engine'),
    ],
    rows,
  };
}
