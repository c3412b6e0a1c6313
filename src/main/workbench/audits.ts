import { availableParallelism } from 'node:os';
import { invalidArgument } from '../../core/errors.ts';
import type { ChosenExplainer } from '../../core/explainers/options.ts';
import { Random } from '../../core/random.ts';
import type { AuditedMethod, AuditRequest } from '../../core/trust/audit.ts';
import type { LongTaskProgress } from '../../shared/longTask.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { runInThread } from '../platform/threads.ts';
import type { History } from '../store/history.ts';
import { selectImages } from './datasetsApi.ts';
import { pickBackground } from './explanations.ts';
import { joinAudits, splitRequest } from './auditShares.ts';
import type { RunDatasets } from './runDatasets.ts';

const thread = new URL('../learning/auditThread.ts', import.meta.url);

export interface AuditOrder {
  runId: string;
  /** `all` stored ones, or these; null the best. */
  epochs: readonly number[] | 'all' | null;
  /** How many of the test images; all where there are fewer. */
  examples: number;
  methods: readonly ChosenExplainer[];
  seed: number;
}

/** Positions of so many images, drawn once for all runs with as many images, in order. */
function drawPositions(count: number, examples: number, seed: number): Uint32Array {
  const all = Random.fromSeed(seed).shuffle(Uint32Array.from({ length: count }, (_, i) => i));
  return all.slice(0, examples).sort();
}

function checkMethods({ methods }: AuditOrder): void {
  const names = methods.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw invalidArgument(`Method ${twice} is named twice.`, 'Name each method once.');
}

/** Progress of several threads as one. */
function addUp(
  count: number,
  { onProgress }: LongTaskOptions,
): ((progress: LongTaskProgress) => void)[] {
  const each: LongTaskProgress[] = Array.from({ length: count }, () => ({
    ...{ step: '', done: 0, total: null },
  }));
  return each.map((_, i) => (progress) => {
    each[i] = progress;
    const done = each.reduce((sum, one) => sum + one.done, 0);
    const isKnown = each.every(({ total }) => total !== null);
    const total = isKnown ? each.reduce((sum, one) => sum + (one.total ?? 0), 0) : null;
    onProgress?.({ step: progress.step, done, total });
  });
}

/** Audits of what explains runs: computed in threads, stored with the run. */
export class AuditJobs {
  readonly #history: History;
  readonly #datasets: RunDatasets;

  constructor(history: History, datasets: RunDatasets) {
    this.#history = history;
    this.#datasets = datasets;
  }

  /**
   * Audits methods at epochs and stores what comes of it, all at once when it is done. Aborting ends the
   * threads, and nothing of it is kept. NOT_FOUND for an epoch or images that are not there.
   */
  async run(order: AuditOrder, options: LongTaskOptions): Promise<AuditedMethod[]> {
    this.#history.requireWritable();
    checkMethods(order);
    const request = await this.#gather(order);
    const shares = splitRequest(request, availableParallelism());
    const tell = addUp(shares.length, options);
    const ending = new AbortController();
    const { signal: outer } = options;
    const signal = outer ? AbortSignal.any([outer, ending.signal]) : ending.signal;
    try {
      const parts = await Promise.all(
        shares.map((share, i) =>
          runInThread<AuditedMethod[]>(thread, share, { signal, onProgress: tell[i] }),
        ),
      );
      const audited = joinAudits(parts);
      this.#history.audits.insert(order.runId, audited);
      return audited;
    } finally {
      // One that fails leaves the others nothing to work for.
      ending.abort();
    }
  }

  /** Epochs by their numbers, ascending; NOT_FOUND for one that is not stored. */
  #listEpochs({ runId, epochs }: AuditOrder): number[] {
    const { weights, runs } = this.#history;
    if (epochs === null) return [weights.get(runId, null).epoch];
    const chosen = epochs === 'all' ? runs.get(runId).epochs.map(({ epoch }) => epoch) : epochs;
    return [...new Set(chosen)].sort((a, b) => a - b);
  }

  async #gather(order: AuditOrder): Promise<AuditRequest> {
    const { runId, methods, seed, examples } = order;
    const { examples: stored, weights, runs } = this.#history;
    const { config } = runs.getSummary(runId);
    const numbers = this.#listEpochs(order);
    const first = stored.getEpoch(runId, numbers[0] ?? 0);
    const positions = drawPositions(first.exampleIds.length, examples, seed);
    const exampleIds = positions.map((position) => first.exampleIds[position] ?? 0);
    const content = await this.#datasets.load(runId);
    const { imageSize, channels, classNames, mean, standardDeviation } = content;
    const epochs = numbers.map((epoch) => {
      const { predictedClasses } = stored.getEpoch(runId, epoch);
      const targets = positions.map((position) => predictedClasses[position] ?? 0);
      return { epoch, targets, weights: weights.get(runId, epoch).weights };
    });
    return {
      ...{ model: config.model, targetLayer: config.cam.targetLayer, rule: config.cam },
      ...{ imageSize, channels, mean, standardDeviation, classes: classNames.length },
      ...{ methods, seed, exampleIds, epochs, background: pickBackground(content) },
      images: selectImages(content, 'test', [...exampleIds]).images,
    };
  }
}
