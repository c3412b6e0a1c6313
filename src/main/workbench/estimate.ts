import { extentOf } from '../../core/arrays.ts';
import { paradigmOf } from '../../core/config/objectives.ts';
import type { RunConfig } from '../../core/config/runConfig.ts';
import type { EngineName } from '../../core/records.ts';
import type { Estimate } from '../../shared/estimate.ts';
import type { History } from '../store/history.ts';
import { estimateMakespanMs } from '../training/estimate.ts';

/** Speed of each engine on a common laptop, images/s, for a machine where it has not trained yet. */
const assumedImagesPerSecond: Record<EngineName, number> = { wasm: 350, native: 1200 };
/** Evaluation is a forward pass and a map: this many times as fast as training. */
const evaluationSpeedUp = 3;
const defaultTrainImages = 60_000;
const defaultTestImages = 10_000;
/** Runs that the speed is taken from, the newest ones. */
const recentRuns = 10;

const median = (values: readonly number[]): number | undefined =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

interface Speed {
  paradigm: string;
  imagesPerSecond: number;
}

/** Training speeds of this machine's latest runs on an engine, newest first; empty before the first epoch. */
function measureSpeeds(history: History, engine: EngineName): Speed[] {
  const speeds: Speed[] = [];
  for (const runs of history.runs.listInPieces()) {
    const onEngine = runs.filter((run) => run.engine?.name === engine);
    for (const { last, config } of onEngine) {
      if (last?.imagesPerSecond == null) continue;
      speeds.push({ paradigm: paradigmOf(config), imagesPerSecond: last.imagesPerSecond });
    }
    if (speeds.length >= recentRuns) break;
  }
  return speeds.slice(0, recentRuns);
}

/** The median of runs of the same paradigm, which costs what it costs, else of all. */
function speedOf(config: RunConfig, speeds: readonly Speed[]): number | undefined {
  const alike = speeds.filter(({ paradigm }) => paradigm === paradigmOf(config));
  const chosen = alike.length > 0 ? alike : speeds;
  return median(chosen.map(({ imagesPerSecond }) => imagesPerSecond));
}

const describeBasis = (
  engine: EngineName,
  used: readonly number[],
  isMeasured: boolean,
): string => {
  const [least, most] = extentOf(used.map(Math.round));
  const speed = least === most ? `${least}` : `${least} to ${most}`;
  return isMeasured
    ? `Recent runs on the ${engine} engine trained at ${speed} images/s`
    : `No run has been trained here on the ${engine} engine yet; assumes ${speed} images/s`;
};

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

/** Wall clock of runs, from this machine's own speed on the engine where it has shown one. */
export function estimateRuns(
  configs: readonly RunConfig[],
  { history, jobs, engine }: { history: History; jobs: number; engine: EngineName },
): Estimate {
  const speeds = measureSpeeds(history, engine);
  const used = configs.map((config) => speedOf(config, speeds) ?? assumedImagesPerSecond[engine]);
  const durations = configs.map((config, i) => estimateRunMs(config, history, used[i] ?? 0));
  const side = jobs === 1 ? 'one run at a time' : `${jobs} runs side by side`;
  const basis = describeBasis(engine, used, speeds.length > 0);
  return {
    durationMs: estimateMakespanMs(durations, jobs),
    basis: `${basis}; ${side}, without early stopping.`,
  };
}
