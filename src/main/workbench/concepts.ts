import { spreadIndices } from '../../core/arrays.ts';
import type { ConceptTable } from '../../core/explainers/concepts.ts';
import type { LrpRule } from '../../core/explainers/lrpRules.ts';
import { gatherImages } from '../../core/pixels.ts';
import { computeSha256 } from '../platform/hashes.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import type { EpochExamples } from '../../shared/trainerEvents.ts';
import { gatherNetwork } from './explainedImage.ts';
import {
  checkClass,
  explainersVersion,
  type ExplainedTarget,
  type ExplanationsParts,
} from './explanations.ts';

export interface ConceptsQuery {
  runId: string;
  /** Null: the best. */
  epoch: number | null;
  target: ExplainedTarget;
  /** Most test images that are looked at, evenly spaced among those evaluated. */
  examples: number;
  rule: LrpRule;
}

/** The table of an epoch. */
export interface EpochConcepts extends ConceptTable {
  epoch: number;
}

type Picked = Pick<ConceptTable, 'exampleIds' | 'targets'>;

/** So many of an epoch's images, evenly spaced, with the class to explain of each. */
function pickExamples(
  stored: Pick<EpochExamples, 'exampleIds' | 'labels'> & { predictedClasses: Uint8Array },
  { target, examples }: ConceptsQuery,
): Picked {
  const { exampleIds, labels, predictedClasses } = stored;
  const places = spreadIndices(exampleIds.length, examples);
  const classOf = (place: number): number => {
    if (typeof target === 'number') return target;
    return (target === 'label' ? labels : predictedClasses)[place] ?? 0;
  };
  return {
    exampleIds: Uint32Array.from(places, (place) => exampleIds[place] ?? 0),
    targets: Uint8Array.from(places, classOf),
  };
}

/** What each channel of a run's target layer has to do with its test images: kept, or computed in a thread. */
export class Concepts {
  readonly #parts: ExplanationsParts;

  constructor(parts: ExplanationsParts) {
    this.#parts = parts;
  }

  /**
   * The relevance of every channel for every image. Aborting leaves it, and nothing of it is kept.
   * NOT_FOUND for an epoch that is not there or has no weights; INVALID_ARGUMENT where the network has
   * layers that relevance has no rule for.
   */
  async weigh(query: ConceptsQuery, options: LongTaskOptions): Promise<EpochConcepts> {
    const { runId, target, rule } = query;
    const { history, cache } = this.#parts;
    const stored = history.examples.getEpoch(runId, query.epoch);
    const { epoch } = stored;
    if (typeof target === 'number') checkClass(target, stored.classes);
    const picked = pickExamples(stored, query);
    const layer = history.runs.get(runId).config.cam.targetLayer;
    const facts = [explainersVersion, 'channels', runId, epoch, layer, rule];
    const weights = history.weights.digestOf(runId, epoch);
    const images = [...picked.exampleIds, ...picked.targets];
    const key = computeSha256(JSON.stringify([...facts, weights, images]));
    const kept = cache.take([key]).get(key);
    if (kept !== undefined) {
      return { epoch, layer, ...picked, relevance: new Float32Array(kept.slice().buffer) };
    }
    const relevance = await this.#compute(query, epoch, picked, options);
    const { buffer, byteOffset, byteLength } = relevance;
    cache.keep(runId, key, new Uint8Array(buffer, byteOffset, byteLength));
    return { epoch, layer, ...picked, relevance };
  }

  async #compute(
    { runId, rule }: ConceptsQuery,
    epoch: number,
    picked: Picked,
    options: LongTaskOptions,
  ): Promise<Float32Array> {
    const { history, datasets, workers } = this.#parts;
    const { weights } = history.weights.get(runId, epoch);
    const { network, content } = await gatherNetwork(history, datasets, runId);
    const images = gatherImages(content.test.images, picked.exampleIds, content);
    const request = { ...network, images, targets: picked.targets, rule, weights };
    return workers.channels.run(request, options);
  }
}
