import type { EpochMetrics, Run } from '../../shared/records.ts';
import { flopsCounting, paperFlops, summarizePaperCnn } from '../../shared/modelSummary.ts';

/** A number as printed, with its standard deviation where it is a mean. */
export interface NumberCell {
  value: number;
  decimals: number;
  deviation?: number | null;
  /** Whether it is the best of its column. */
  bold?: boolean;
}

export interface IntervalCell {
  low: number;
  high: number;
  decimals: number;
}

/** A cell: text as it is, a number, an interval, or nothing. */
export type Cell = { text: string } | NumberCell | IntervalCell | null;

export interface Column {
  /** Name in CSV and JSON. */
  key: string;
  /** Names of a cell's values there where it has two: mean and deviation, low and high. */
  parts?: readonly [string, string];
  title: string;
  /** Empty for counts and pure numbers. */
  unit: string;
}

export interface Table {
  caption: string;
  columns: Column[];
  /** Each as long as `columns`. */
  rows: Cell[][];
}

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
  text(config.paradigm),
  text(config.dataset),
  number(seed),
];

/** The epoch that a run is judged by: its best one, or the last where there is none yet. */
export const judgedEpoch = ({ epochs, bestEpoch }: Run): EpochMetrics | undefined =>
  epochs.find(({ epoch }) => epoch === bestEpoch) ?? epochs.at(-1);

/** Table 1: how well each run classifies, and how well its maps agree with the images. */
export function buildPerformanceTable(runs: readonly Run[]): Table {
  const rows = runs.map((run) => {
    const metrics = judgedEpoch(run);
    const percent = metrics && metrics.testAccuracy * 100;
    return [
      ...identify(run),
      number(metrics?.epoch),
      number(percent, 2),
      number(metrics?.falsePredictions),
      number(metrics?.trueLowConfidence),
      number(metrics?.inputCorrelation, 3),
      number(metrics?.energyInside, 3),
      number(metrics?.iou, 3),
    ];
  });
  const thresholds = [...new Set(runs.map(({ config }) => config.lowConfidenceThreshold))];
  return {
    caption: `Test performance at the epoch with the lowest validation loss. True low-confidence: right, with a confidence below ${thresholds.join(', ')}. Input correlation: Pearson, map and image; energy: share of the map on pixels above 0.5; IoU: of both above 0.5; means over the test images.`,
    columns: [
      ...identity,
      column('epoch', 'Epoch'),
      column('accuracy', 'Accuracy', '%'),
      column('falsePredictions', 'False'),
      column('trueLowConfidence', 'True low-conf.'),
      column('inputCorrelation', 'Input corr.'),
      column('energyInside', 'Energy inside'),
      column('iou', 'IoU'),
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
    const model = summarizePaperCnn(imageSize, classes);
    const trained = run.epochs.filter(({ epoch }) => epoch > 0);
    const totalMs = sum(trained.map(({ durationMs }) => durationMs));
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
    caption: `Size and cost. ${flopsCounting} The paper states ${(paperFlops / 1e6).toFixed(2)} M FLOPs for the network at 28x28. Times include evaluation.`,
    columns: [
      ...identity,
      column('parametersK', 'Parameters', 'K'),
      column('macsM', 'MACs', 'M'),
      column('flopsM', 'FLOPs', 'M'),
      column('epochs', 'Epochs'),
      column('secondsPerEpoch', 'Time per epoch', 's'),
      column('totalMinutes', 'Total time', 'min'),
      column('imagesPerSecond', 'Training speed', 'images/s'),
      column('engine', 'Engine'),
    ],
    rows,
  };
}
