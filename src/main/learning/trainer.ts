import type { DatasetContent } from '../../core/formats/datasetFile.ts';
import { encodeSafetensors } from '../../core/formats/safetensors.ts';
import { addedTerms, type LossTermName } from '../../core/config/objectives.ts';
import { AfterimageError } from '../../core/errors.ts';
import { termTitle } from '../../core/metrics/epochs/losses.ts';
import { addStepLosses, type StepLoss } from '../../core/metrics/stepLosses.ts';
import { numericsVersion } from '../../core/numericsVersion.ts';
import { Random } from '../../core/random.ts';
import type { EpochMetrics } from '../../core/records.ts';
import type { TrainerEvent, TrainerJob, TrainerProgress } from '../../shared/trainerEvents.ts';
import { adjustNetwork } from './adjustNetwork.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { cut } from './dataset/batches.ts';
import { countUnpaired } from './dataset/unpairedBatches.ts';
import type { Engine } from './engine/engine.ts';
import { summarizeExamples } from './testMetrics.ts';
import { nameParameters } from './model/parameters.ts';
import type { BatchTerms } from './objective/batchTerms.ts';
import { learningRateAt, plateauPatienceOf } from './optimizer/schedule.ts';
import { TrainingSession, type Making } from './session.ts';
import { countFitting, evaluateTestImages } from './testEvaluation.ts';
import {
  addTerms,
  batchesAhead,
  beginTraining,
  endEpoch,
  endSteps,
  meansOf,
  noMeans,
  noSums,
  orderImages,
  type EpochSums,
  type Means,
  type TrainingProgress,
} from './trainingProgress.ts';

/** Shortest time between two progress events, ms. */
const progressIntervalMs = 200;

export interface TrainerContext {
  engine: Engine;
  dataset: DatasetContent;
  /** What networks and objectives are made with; what comes with the application unless told. */
  making?: Making;
  emit: (event: TrainerEvent) => void;
  /** Whether the run was asked to stop after the current step. */
  pauseRequested: () => boolean;
  /** How long a call of the engine should take; messages are read between calls. */
  callMs?: number;
  /** Lets the process read its messages. */
  yieldToMessages: () => Promise<void>;
}

const defaultCallMs = 40;
/** Images that a validation batch has whatever their size. */
const smallValidationBatch = 200;

/** Thrown through the loop to end it; the run goes on from its progress. */
class Paused extends Error {}

/** Four digits are enough to see how fast a value grew. */
const brief = (value: number): string => value.toPrecision(4);

type LossTerms = Pick<BatchTerms, 'loss' | 'terms'>;

const listTerms = (terms: BatchTerms['terms']): { title: string; value: number }[] =>
  Object.entries(terms).map(([name, value]) => ({ title: termTitle(name as LossTermName), value }));

/** `2.31 (cross-entropy 2.30, contrastive term 0.01)` */
function describeTerms({ loss, terms }: LossTerms): string {
  const parts = listTerms(terms).map(({ title, value }) => `${title} ${brief(value)}`);
  return `${brief(loss)} (${parts.join(', ')})`;
}

/** Which term is not finite; where none is, the weights are not, which the engine reports as the loss. */
function describeCulprit({ terms }: LossTerms): string {
  const culprits = listTerms(terms).filter(({ value }) => !Number.isFinite(value));
  if (culprits.length === 0) {
    return 'the step left weights that are not finite, its terms were finite';
  }
  const titles = culprits.map(({ title }) => title).join(' and ');
  return `${titles} ${culprits.length === 1 ? 'is' : 'are'} not finite`;
}

/**
 * One run in training. Its numbers depend on the job and the engine alone: `#progress` and the
 * session's weights are all that a checkpoint holds, and nothing is decided by the clock.
 */
class Trainer {
  readonly #job: TrainerJob;
  readonly #context: TrainerContext;
  readonly #session: TrainingSession;
  #progress: TrainingProgress;
  /** Of the latest step in this process; all finite. */
  #latestTerms: BatchTerms | null = null;
  /** Of the steps that nobody has been told of. */
  #losses: readonly StepLoss[] = [];
  readonly #mostSteps: number;
  #stepsAtOnce: number;
  /** Of the first steps in this process, on an engine that compiles. */
  #compilationMs: number | null = null;
  /** Since when training time counts, on this process's clock. */
  #markedAt = performance.now();
  #checkpointedAt = performance.now();
  #reportedAt = 0;

  constructor(job: TrainerJob, context: TrainerContext) {
    this.#job = job;
    this.#context = context;
    this.#session = new TrainingSession(
      context.engine,
      job.config,
      context.dataset,
      job.split.train,
      context.making,
    );
    const { batchSize } = job.config.training;
    this.#mostSteps = this.#session.stepsAtOnce(Math.floor(job.split.train.length / batchSize));
    this.#stepsAtOnce = context.engine.fullCalls ? this.#mostSteps : 1;
    this.#progress = this.#restore();
  }

  async run(): Promise<void> {
    try {
      this.#markedAt = performance.now();
      if (this.#progress.epoch === 0) await this.#recordEpoch(noMeans, null, null);
      while (!this.#finished()) {
        await this.#trainEpoch();
        await this.#adjust();
        await this.#endEpoch();
      }
      const reason = this.#patienceIsOver() ? 'earlyStopping' : 'allEpochs';
      this.#context.emit({ type: 'completed', reason });
    } catch (error) {
      if (!(error instanceof Paused)) throw error;
      this.#context.emit({ type: 'paused', checkpoint: this.#encodeCheckpoint() });
    } finally {
      this.#session.close();
    }
  }

  /** From the checkpoint, or from the beginning. */
  #restore(): TrainingProgress {
    if (this.#job.checkpoint === null) {
      const random = Random.fromSeed(this.#job.seed);
      this.#session.writeState(this.#session.initialState(random));
      return beginTraining(random);
    }
    const { progress, state } = decodeCheckpoint(this.#job.checkpoint, this.#session.stateSizes);
    this.#session.writeState(state);
    return progress;
  }

  #encodeCheckpoint(): Uint8Array {
    return encodeCheckpoint({ progress: this.#progress, state: this.#session.readState() });
  }

  get #willCompile(): boolean {
    return this.#context.engine.fullCalls && this.#compilationMs === null;
  }

  get #learningRate(): number {
    return learningRateAt(this.#progress.epoch, this.#job.config, this.#progress.history);
  }

  #patienceIsOver(): boolean {
    const { patience } = this.#job.config.training;
    return patience !== null && this.#progress.history.epochsSinceBest >= patience;
  }

  #finished(): boolean {
    return this.#progress.epoch > this.#job.config.training.epochs || this.#patienceIsOver();
  }

  async #trainEpoch(): Promise<void> {
    this.#progress = orderImages(this.#progress, this.#job.split.train);
    const steps = Math.ceil(
      this.#progress.permutation.length / this.#job.config.training.batchSize,
    );
    const learningRate = this.#learningRate;
    while (this.#progress.step < steps) {
      if (this.#willCompile) await this.#announceCompilation(steps);
      this.#trainSteps(learningRate, steps);
      this.#reportTraining(steps);
      await this.#between();
    }
  }

  /** The first steps of this process on an engine that compiles take seconds or minutes: before, it is said why. */
  async #announceCompilation(steps: number): Promise<void> {
    const { epoch, step } = this.#progress;
    const { epochs } = this.#job.config.training;
    const place = { epoch, epochs, step, steps };
    this.#tell({ phase: 'compilation', ...place, ...noMeans, imagesPerSecond: 0 });
    await this.#between();
    this.#markedAt = performance.now();
  }

  /** As many steps as one call of the engine takes. */
  #trainSteps(learningRate: number, stepsInEpoch: number): void {
    const { seed, config } = this.#job;
    const { epoch, step, optimizerSteps } = this.#progress;
    const batches = batchesAhead(this.#progress, config.training.batchSize, this.#stepsAtOnce);
    const rows = this.#session.train(
      batches.map((indices, i) => ({
        indices,
        place: { seed, epoch, step: step + i },
        scalars: this.#session.optimizer.scalarsAt(learningRate, optimizerSteps + i + 1),
      })),
      this.#mostSteps,
    );
    for (const [i, terms] of rows.entries()) {
      if (!Number.isFinite(terms.loss)) {
        throw this.#notFinite(
          `The loss became ${describeTerms(terms)} in epoch ${epoch}, step ${step + i + 1}: ${describeCulprit(terms)}`,
        );
      }
      this.#latestTerms = terms;
    }
    const added = rows.map(({ loss }, i) => ({ step: step + i + 1, steps: 1, loss }));
    this.#losses = addStepLosses(this.#losses, added, stepsInEpoch);
    const now = performance.now();
    const ms = now - this.#markedAt;
    this.#markedAt = now;
    if (this.#willCompile) this.#compilationMs = ms;
    this.#stepsAtOnce = this.#chooseSteps(ms / rows.length);
    const images = batches[0]?.length ?? 0;
    this.#progress = endSteps(this.#progress, { rows, images, ms });
  }

  #chooseSteps(stepMs: number): number {
    const { callMs = defaultCallMs, engine } = this.#context;
    if (engine.fullCalls) return this.#mostSteps;
    return Math.min(this.#mostSteps, Math.max(1, Math.round(callMs / Math.max(stepMs, 1e-3))));
  }

  #notFinite(what: string): AfterimageError {
    const { optimizer, objective } = this.#job.config;
    const before =
      this.#latestTerms === null
        ? 'no step came before it in this trainer'
        : `the last finite one was ${describeTerms(this.#latestTerms)}`;
    const weights = addedTerms({ objective }).map(
      (name) => ` or ${name}.weight (${objective[name]?.weight ?? 0})`,
    );
    return new AfterimageError(
      'NOT_FINITE',
      `${what}; ${before}.`,
      `Lower learningRate (${optimizer.learningRate})${weights.join('')} and start a new run; the epochs before this one are stored.`,
    );
  }

  /** Between steps: messages are read, a due checkpoint is taken, a pause is obeyed. */
  async #between(): Promise<void> {
    await this.#obey();
    if (performance.now() - this.#checkpointedAt < this.#job.checkpointIntervalMs) return;
    const checkpoint = this.#encodeCheckpoint();
    const { epoch, step } = this.#progress;
    this.#context.emit({ type: 'checkpoint', epoch, step, checkpoint });
    this.#checkpointedAt = performance.now();
  }

  /** Reads messages, and ends here if one asked for a pause. */
  async #obey(): Promise<void> {
    await this.#context.yieldToMessages();
    if (this.#context.pauseRequested()) throw new Paused();
  }

  /** What the model does itself behind an epoch's steps; a pause in it leaves all as it was before. */
  async #adjust(): Promise<void> {
    const { epoch, adjustmentMs } = this.#progress;
    const { afterEpoch } = this.#session;
    if (afterEpoch?.isDue(epoch) !== true || adjustmentMs !== undefined) return;
    const began = performance.now();
    const given = { epoch, images: this.#job.split.train };
    await adjustNetwork(this.#session, afterEpoch, given, (step, steps) =>
      this.#evaluationProgress('adjustment', epoch, step, steps),
    );
    this.#progress = { ...this.#progress, adjustmentMs: performance.now() - began };
  }

  async #endEpoch(): Promise<void> {
    const { sums, elapsedMs } = this.#progress;
    const imagesPerSecond = (sums.images / elapsedMs) * 1000;
    await this.#recordEpoch(meansOf(sums), this.#learningRate, imagesPerSecond);
  }

  /** Validates, evaluates and emits an epoch; the checkpoint in it is the start of the next one. */
  async #recordEpoch(
    training: Means,
    learningRate: number | null,
    imagesPerSecond: number | null,
  ): Promise<void> {
    const { epoch, step, sums, elapsedMs, adjustmentMs = 0 } = this.#progress;
    const began = performance.now();
    const validation = meansOf(await this.#validate(epoch));
    if (!Number.isFinite(validation.loss)) {
      throw this.#notFinite(
        `The validation loss became ${describeTerms(validation)} at the end of epoch ${epoch}, step ${step}: ${describeCulprit(validation)}`,
      );
    }
    const { dataset } = this.#context;
    const test = await evaluateTestImages(
      this.#session,
      dataset.test,
      this.#job.split.test,
      (batch, batches) => this.#evaluationProgress('evaluation', epoch, batch, batches),
    );
    const evaluationMs = performance.now() - began;
    const metrics: EpochMetrics = {
      epoch,
      trainLoss: training.loss,
      trainAccuracy: training.accuracy,
      validationLoss: validation.loss,
      terms: { train: training.terms, validation: validation.terms, ...this.#countUnpaired() },
      validationAccuracy: validation.accuracy,
      testCrossEntropy: test.crossEntropy,
      ...summarizeExamples(test.examples, this.#job.config.evaluation.lowConfidenceThreshold),
      nanBatches: sums.nanBatches,
      learningRate,
      durationMs: elapsedMs + adjustmentMs + evaluationMs,
      evaluationMs,
      imagesPerSecond,
      numericsVersion,
    };
    this.#progress = endEpoch(
      this.#progress,
      metrics.validationLoss,
      plateauPatienceOf(this.#job.config.schedule),
    );
    const weights = this.#encodeWeights(epoch);
    const checkpoint = this.#encodeCheckpoint();
    const result = { metrics, examples: test.examples, weights, checkpoint };
    this.#context.emit({ type: 'epoch', result });
    this.#markedAt = performance.now();
    this.#checkpointedAt = this.#markedAt;
    await this.#obey();
  }

  #countUnpaired(): { unpairedBatches?: number } {
    const { labels } = this.#context.dataset.train;
    return countUnpaired(this.#job.config, labels, this.#progress.permutation);
  }

  async #validate(epoch: number): Promise<EpochSums> {
    const indices = this.#job.split.validation;
    const largest = Math.max(smallValidationBatch, countFitting(this.#session));
    const batchSize = Math.min(this.#session.evaluationBatch, largest);
    const steps = Math.ceil(indices.length / batchSize);
    let [sums, step] = [noSums, 0];
    for (const part of cut(indices, batchSize)) {
      sums = addTerms(sums, this.#session.validate(part), part.length);
      step += 1;
      await this.#evaluationProgress('validation', epoch, step, steps);
    }
    return sums;
  }

  #encodeWeights(epoch: number): Uint8Array {
    const [parameters, statistics] = this.#session.readState();
    const { model } = this.#session;
    const tensors = {
      ...nameParameters(parameters ?? new Float32Array(0), model.parameters),
      ...nameParameters(statistics ?? new Float32Array(0), model.statistics),
    };
    const { runId, seed, config } = this.#job;
    const metadata = { runId, seed: String(seed), epoch: String(epoch), model: config.model.name };
    return encodeSafetensors({ tensors, metadata });
  }

  #reportTraining(steps: number): void {
    const { epoch, step, sums, elapsedMs } = this.#progress;
    this.#report({
      phase: 'training',
      epoch,
      epochs: this.#job.config.training.epochs,
      step,
      steps,
      ...meansOf(sums),
      imagesPerSecond: (sums.images / elapsedMs) * 1000,
    });
  }

  /** A pause leaves the progress as it was before the evaluation, which then begins anew. */
  async #evaluationProgress(
    phase: Exclude<TrainerProgress['phase'], 'training' | 'compilation'>,
    epoch: number,
    step: number,
    steps: number,
  ): Promise<void> {
    const { epochs } = this.#job.config.training;
    this.#report({ phase, epoch, epochs, step, steps, ...noMeans, imagesPerSecond: 0 });
    await this.#obey();
  }

  #report(progress: TrainerProgress): void {
    const now = performance.now();
    if (now - this.#reportedAt < progressIntervalMs && progress.step < progress.steps) return;
    this.#tell(progress);
  }

  #tell(given: TrainerProgress): void {
    this.#reportedAt = performance.now();
    const losses = this.#losses;
    this.#losses = [];
    const compilationMs = this.#compilationMs;
    const progress = { ...given, ...(compilationMs !== null && { compilationMs }) };
    this.#context.emit({ type: 'progress', progress, ...(losses.length > 0 && { losses }) });
  }
}

/** Trains a run from its start or its checkpoint until it is complete or paused. */
export async function trainRun(job: TrainerJob, context: TrainerContext): Promise<void> {
  await new Trainer(job, context).run();
}
