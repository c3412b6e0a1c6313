import { spreadIndices } from '../../core/arrays.ts';
import { AfterimageError, errorFrom } from '../../core/errors.ts';
import { countPasses, measureSizes } from '../../core/explainers/cost.ts';
import type { Explanation, ExplanationOutcome } from '../../core/explainers/explanation.ts';
import { readOptions, type ChosenExplainer } from '../../core/explainers/options.ts';
import { explainers } from '../../core/explainers/registry.ts';
import type { DatasetContent } from '../../core/formats/datasetFile.ts';
import { gatherImages } from '../../core/pixels.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { computeSha256 } from '../platform/hashes.ts';
import type { DerivedCache } from '../store/cache/derivedCache.ts';
import type { ExampleHistory } from '../store/examples/exampleHistory.ts';
import type { History } from '../store/history.ts';
import { gatherImage } from './explainedImage.ts';
import type { ExplanationWorkers } from './explanationWorkers.ts';
import type { RunDatasets } from './runDatasets.ts';

export interface ExplanationsParts {
  history: History;
  datasets: RunDatasets;
  cache: DerivedCache;
  workers: ExplanationWorkers;
}

/** Whose score is explained: what each epoch predicts, the truth, or a class by its number. */
export type ExplainedTarget = 'predicted' | 'label' | number;

export interface ExplanationQuery {
  runId: string;
  exampleId: number;
  /** `all` stored ones, or one; null the best. */
  epoch: number | null | 'all';
  target: ExplainedTarget;
  methods: readonly ChosenExplainer[];
  seed: number;
}

/** Training images that methods compare with: as many as a mean over them wants, evenly spaced. */
const backgroundImages = 32;

export function pickBackground(content: DatasetContent): Uint8Array {
  const { train } = content;
  const places = spreadIndices(train.labels.length, backgroundImages);
  return gatherImages(train.images, places, content);
}

const targetAt = (stored: ExampleHistory, index: number, target: ExplainedTarget): number => {
  if (target === 'label') return stored.label;
  return target === 'predicted' ? (stored.predictedClasses[index] ?? 0) : target;
};

/** INVALID_ARGUMENT for a class that a run does not have. */
export function checkClass(target: number, classes: number): void {
  if (target < classes) return;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `The run has no class ${target}.`,
    `It has ${classes}, from 0 to ${classes - 1}.`,
  );
}

/** Raised where a method's maps change beyond rounding: those that are kept are then of another key. */
export const explainersVersion = 1;
/** Images that a network may see for what still counts as quick. */
const quickPasses = 64;

/** What a thread is warmed with: a method of each kind of function that networks are asked for. */
const warmMethods = (['gradcam', 'eigencam', 'gradient', 'lrp', 'crp'] as const).map((name) => ({
  name,
  options: { ...readOptions(name, {}) },
}));

/** One map that is asked for. */
interface Asked {
  epoch: number;
  targetClass: number;
  chosen: ChosenExplainer;
  /** Of all that it depends on. */
  key: string;
}

/** What epochs’ networks make of one test image, by methods asked for: kept, or computed in a thread. */
export class Explanations {
  readonly #parts: ExplanationsParts;
  #warmModel = '';

  constructor(parts: ExplanationsParts) {
    this.#parts = parts;
  }

  /**
   * Every method at every epoch asked for, epoch by epoch; of `all` epochs those that still have their
   * weights. What was computed before is not computed again. Aborting leaves what is slow where it is,
   * and nothing of it is kept. NOT_FOUND for an image or an epoch that is not there, or has no weights.
   */
  async attempt(query: ExplanationQuery, options: LongTaskOptions): Promise<ExplanationOutcome[]> {
    const asked = this.#list(query);
    const { cache } = this.#parts;
    const kept = cache.take(asked.map(({ key }) => key));
    const missing = asked.filter(({ key }) => !kept.has(key));
    const computed = await this.#compute(query, missing, options);
    const outcomes = new Map(missing.map(({ key }, i) => [key, computed[i]]));
    return asked.map((one) => {
      const data = kept.get(one.key);
      return data === undefined
        ? (outcomes.get(one.key) as ExplanationOutcome)
        : { ...factsOfAsked(one), ...unpackMap(data) };
    });
  }

  /** The same, where a method that cannot explain is an error. */
  async explain(query: ExplanationQuery, options: LongTaskOptions): Promise<Explanation[]> {
    const outcomes = await this.attempt(query, options);
    return outcomes.map((outcome) => {
      if ('problem' in outcome) throw errorFrom(outcome.problem);
      return outcome;
    });
  }

  /**
   * Explains an image by all that is quick, once for each model: whoever asks next finds the thread ready
   * and its kernels compiled. What cannot be explained says so when it is asked for.
   */
  warm(example: { runId: string; exampleId: number }): void {
    const model = JSON.stringify(this.#parts.history.runs.getSummary(example.runId).config.model);
    if (this.#warmModel === model) return;
    this.#warmModel = model;
    const query = { ...example, epoch: null, target: 'predicted', methods: warmMethods } as const;
    this.attempt({ ...query, seed: 0 }, {}).catch(() => undefined);
  }

  #list({ runId, exampleId, epoch, target, methods, seed }: ExplanationQuery): Asked[] {
    const { history } = this.#parts;
    const stored = history.examples.getHistory(runId, exampleId, epoch);
    if (typeof target === 'number') checkClass(target, stored.classes);
    const chosen = methods.map(({ name, options }) => ({
      ...{ name, options: { ...readOptions(name, options) } },
    }));
    const numbers = Array.from(stored.epochs);
    const left =
      epoch === 'all' && numbers.length > 1 ? new Set(history.weights.list(runId)) : null;
    return numbers.flatMap((number, i) => {
      if (left !== null && left.size > 0 && !left.has(number)) return [];
      const targetClass = targetAt(stored, i, target);
      const weights = history.weights.digestOf(runId, number);
      return chosen.map((one): Asked => {
        const draws = explainers[one.name].random ? seed : null;
        const facts = [
          runId,
          number,
          weights,
          exampleId,
          targetClass,
          one.name,
          one.options,
          draws,
        ];
        const key = computeSha256(JSON.stringify([explainersVersion, ...facts]));
        return { epoch: number, targetClass, chosen: one, key };
      });
    });
  }

  /** In the order given. */
  async #compute(
    query: ExplanationQuery,
    asked: readonly Asked[],
    options: LongTaskOptions,
  ): Promise<ExplanationOutcome[]> {
    if (asked.length === 0) return [];
    const { history, datasets, cache, workers } = this.#parts;
    const { runId, seed } = query;
    const { explained, content } = await gatherImage(history, datasets, query);
    const epochs = groupByEpoch(asked).map((group) => ({
      ...group,
      weights: history.weights.get(runId, group.epoch).weights,
    }));
    const request = { ...explained, seed, background: pickBackground(content), epochs };
    const methods = asked.map(({ chosen }) => chosen);
    const passes = countPasses(methods, measureSizes(explained));
    const worker = passes > quickPasses ? workers.slow : workers.quick;
    const outcomes = await worker.run(request, options);
    for (const [i, outcome] of outcomes.entries()) {
      // A likeness is more than its map, and quick to have again.
      if (!('map' in outcome) || outcome.likeness !== null) continue;
      cache.keep(runId, asked[i]?.key ?? '', packMap(outcome));
    }
    return outcomes;
  }
}

const factsOfAsked = ({ epoch, targetClass, chosen }: Asked) => ({
  ...{ method: chosen.name, options: chosen.options, epoch, targetClass },
});

/** The methods asked of each epoch; those of one epoch follow on each other. */
function groupByEpoch(
  asked: readonly Asked[],
): { epoch: number; targetClass: number; methods: ChosenExplainer[] }[] {
  const groups = Map.groupBy(asked, ({ epoch }) => epoch);
  return Array.from(groups, ([epoch, ofEpoch]) => ({
    epoch,
    targetClass: ofEpoch[0]?.targetClass ?? 0,
    methods: ofEpoch.map(({ chosen }) => chosen),
  }));
}

/** As it is kept: what it took to compute as a float64, then the map's float32 values. */
function packMap({ map, durationMs }: Pick<Explanation, 'map' | 'durationMs'>): Uint8Array {
  const duration = new Uint8Array(Float64Array.of(durationMs).buffer);
  return Buffer.concat([duration, new Uint8Array(map.buffer, map.byteOffset, map.byteLength)]);
}

function unpackMap(data: Uint8Array): Pick<Explanation, 'map' | 'likeness' | 'durationMs'> {
  const { buffer } = data.slice();
  return {
    likeness: null,
    durationMs: new Float64Array(buffer, 0, 1)[0] ?? 0,
    map: new Float32Array(buffer, 8),
  };
}
