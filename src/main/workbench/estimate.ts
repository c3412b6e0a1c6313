import type { RunConfig } from '../../core/config/runConfig.ts';
import type { WorkbenchApi } from '../router.ts';
import type { History } from '../store/history.ts';
import { estimateMakespanMs } from '../training/estimate.ts';

/** Speed of the embedded engine on one core of a common laptop, for a machine without any run yet. */
const assumedImagesPerSecond = 350;
/** Evaluation is a forward pass and a map: this many times as fast as training. */
const evaluationSpeedUp = 3;
const defaultTrainImages = 60_000;
const defaultTestImages = 10_000;
/** Runs that the speed is taken from, the newest ones. */
const recentRuns = 10;

const median = (values: readonly number[]): number | undefined =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Training speed of this machine's latest runs, images/s; undefined before the first epoch. */
function measuredSpeed(history: History): number | undefined {
  const speeds: number[] = [];
  for (const runs of history.runs.listInPieces()) {
    speeds.push(...runs.flatMap(({ last }) => last?.imagesPerSecond ?? []));
    if (speeds.length >= recentRuns) break;
  }
  return median(speeds.slice(0, recentRuns));
}

/** Time of one run alone if early stopping does not end it before. */
function estimateRunMs({ data, training }: RunConfig, history: History, speed: number): number {
  const record = history.datasets.get(data.dataset);
  const sum = (counts: readonly number[] | undefined, otherwise: number): number =>
    counts?.reduce((a, b) => a + b, 0) ?? otherwise;
  const available = sum(record?.trainCounts, defaultTrainImages);
  const used = data.trainExamples ?? available;
  const test = data.testExamples ?? sum(record?.testCounts, defaultTestImages) * data.testFraction;
  const trained = used * (1 - data.validationFraction) * training.epochs;
  const evaluated = (test + used * data.validationFraction) * (training.epochs + 1);
  return ((trained + evaluated / evaluationSpeedUp) / speed) * 1000;
}

/** Wall clock of runs, from this machine's own speed where it has shown one. */
export function estimateRuns(
  configs: readonly RunConfig[],
  { history, jobs }: { history: History; jobs: number },
): ReturnType<WorkbenchApi['runs']['estimate']> {
  const measured = measuredSpeed(history);
  const speed = measured ?? assumedImagesPerSecond;
  const durations = configs.map((config) => estimateRunMs(config, history, speed));
  const side = jobs === 1 ? 'one run at a time' : `${jobs} runs side by side`;
  const basis =
    measured === undefined
      ? `No run has been trained here yet; assumes ${assumedImagesPerSecond} images/s, ${side}.`
      : `Recent runs trained at ${Math.round(measured)} images/s; ${side}, without early stopping.`;
  return Promise.resolve({ durationMs: estimateMakespanMs(durations, jobs), basis });
}
