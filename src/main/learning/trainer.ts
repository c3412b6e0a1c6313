import type { DatasetContent } from '../../core/formats/datasetFile.ts';
import { AfterimageError } from '../../core/errors.ts';
import { numericsVersion } from '../../core/numericsVersion.ts';
import { Random } from '../../core/random.ts';
import type { EpochMetrics } from '../../core/records.ts';
import { encodeSafetensors } from '../../core/formats/safetensors.ts';
import type { TrainerEvent, TrainerJob, TrainerProgress } from '../../shared/trainerEvents.ts';
import { decodeCheckpoint, encodeCheckpoint, noSums, type EpochSums } from './checkpoint.ts';
import { cut } from './dataset/batches.ts';
import type { Engine } from './engine/engine.ts';
import { summarizeExamples } from './epochMetrics.ts';
import { nameParameters } from './model/parameters.ts';
import { learningRateAt, noHistory, recordValidation } from './optimizer/schedule.ts';
import { TrainingSession, type BatchTerms } from './session.ts';
import { evaluateTestImages } from './testEvaluation.ts';

/** Shortest time between two progress events, ms. */
const progressIntervalMs = 200;
const validationBatchSize = 200;

export interface TrainerContext {
  engine: Engine;
  dataset: DatasetContent;
  emit: (event: TrainerEvent) => void;
  /** Whether the run was asked to stop after the current step. */
  pauseRequested: () => boolean;
  /** Lets the process read its messages. */
  yieldToMessages: () => Promise<void>;
}

/** Thrown through the loop to end it; the checkpoint to go on from has been taken. */
class Paused extends Error {}

function addTerms(sums: EpochSums, terms: BatchTerms, images: number): EpochSums {
  return {
    images: sums.images + images,
    loss: sums.loss + terms.loss * images,
    crossEntropy: sums.crossEntropy + terms.crossEntropy * images,
    contrastive: sums.contrastive + terms.contrastive * images,
    nanBatches: sums.nanBatches + terms.nanBatch,
    correct: sums.correct + terms.correct,
  };
}

type Means = Record<'loss' | 'crossEntropy' | 'contrastive' | 'accuracy', number | null>;

const meansOf = (sums: EpochSums, hasContrastive: boolean): Means => ({
  loss: sums.loss / sums.images,
  crossEntropy: sums.crossEntropy / sums.images,
  contrastive: hasContrastive ? sums.contrastive / sums.images : null,
  accuracy: sums.correct / sums.images,
});

/** Four digits are enough to see how fast a value grew. */
const brief = (value: number): string => value.toPrecision(4);

const nothing: Means = { loss: null, crossEntropy: null, contrastive: null, accuracy: null };

/**
 * One run in training. Its numbers depend on the job and the engine alone: every draw comes from one
 * generator whose state is part of the checkpoint, and nothing is decided by the clock.
 */
class Trainer {
  readonly #job: TrainerJob;
  readonly #context: TrainerContext;
  readonly #session: TrainingSession;
  #random: Random;
  #permutation: Uint32Array = new Uint32Array(0);
  #epoch = 0;
  #step = 0;
  #optimizerSteps = 0;
  #sums = noSums;
  /** Of the latest step in this process; all finite. */
  #latestTerms: BatchTerms | null = null;
  #history = noHistory;
  /** Training time of the epoch before this process, and when it began here. */
  #earlierMs = 0;
  #beganAt = performance.now();
  /** Of the epoch that is being evaluated. */
  #trainingMs = 0;
  #checkpointedAt = performance.now();
  #reportedAt = 0;

  constructor(job: TrainerJob, context: TrainerContext) {
    this.#job = job;
    this.#context = context;
    this.#session = new TrainingSession(context.engine, job.config, context.dataset);
    this.#random = Random.fromSeed(job.seed);
  }

  async run(): Promise<void> {
    try {
      await this.#begin();
      while (!this.#finished()) {
        await this.#trainEpoch();
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

  async #begin(): Promise<void> {
    if (this.#job.checkpoint !== null) this.#restore(this.#job.checkpoint);
    else this.#session.writeState(this.#session.initialState(this.#random));
    this.#beganAt = performance.now();
    if (this.#epoch === 0) await this.#recordEpoch(0, nothing, null, null);
  }

  #restore(bytes: Uint8Array): void {
    const { progress, permutation, state } = decodeCheckpoint(bytes, this.#session.stateSizes);
    this.#session.writeState(state);
    this.#permutation = permutation;
    this.#random = Random.fromState(progress.randomState);
    this.#epoch = progress.epoch;
    this.#step = progress.step;
    this.#optimizerSteps = progress.optimizerSteps;
    this.#sums = progress.sums;
    this.#history = progress.history;
    this.#earlierMs = progress.elapsedMs;
  }

  #encodeCheckpoint(): Uint8Array {
    const progress = {
      epoch: this.#epoch,
      step: this.#step,
      optimizerSteps: this.#optimizerSteps,
      sums: this.#sums,
      history: this.#history,
      elapsedMs: this.#elapsedMs,
      randomState: [...this.#random.state],
    };
    const permutation = this.#permutation;
    return encodeCheckpoint({ progress, permutation, state: this.#session.readState() });
  }

  get #elapsedMs(): number {
    return this.#earlierMs + performance.now() - this.#beganAt;
  }

  get #learningRate(): number {
    return learningRateAt(this.#epoch, this.#job.config, this.#history);
  }

  #patienceIsOver(): boolean {
    const { patience } = this.#job.config;
    return patience !== null && this.#history.epochsSinceBest >= patience;
  }

  #finished(): boolean {
    return this.#epoch > this.#job.config.epochs || this.#patienceIsOver();
  }

  async #trainEpoch(): Promise<void> {
    if (this.#step === 0) {
      this.#permutation = this.#random.shuffle(this.#job.split.train.slice());
    }
    const { batchSize } = this.#job.config;
    const steps = Math.ceil(this.#permutation.length / batchSize);
    const learningRate = this.#learningRate;
    while (this.#step < steps) {
      const start = this.#step * batchSize;
      this.#trainBatch(this.#permutation.subarray(start, start + batchSize), learningRate);
      this.#step += 1;
      this.#reportTraining(steps);
      await this.#between();
    }
  }

  #trainBatch(indices: Uint32Array, learningRate: number): void {
    const { dropout } = this.#job.config;
    const mask = new Float32Array(indices.length * this.#session.model.features);
    this.#random.fillBernoulli(mask, 1 - dropout, 1 / (1 - dropout));
    this.#optimizerSteps += 1;
    const scalars = this.#session.optimizer.scalarsAt(learningRate, this.#optimizerSteps);
    const terms = this.#session.train(indices, mask, scalars);
    if (!Number.isFinite(terms.loss)) {
      throw this.#notFinite(
        `The loss became ${this.#describe(terms)} in epoch ${this.#epoch}, step ${this.#step + 1}`,
      );
    }
    this.#latestTerms = terms;
    this.#sums = addTerms(this.#sums, terms, indices.length);
  }

  #notFinite(what: string): AfterimageError {
    const { learningRate, camWeight } = this.#job.config;
    const before =
      this.#latestTerms === null
        ? 'no step came before it in this trainer'
        : `the last finite one was ${this.#describe(this.#latestTerms)}`;
    const weight = this.#hasContrastive ? ` or camWeight (${camWeight})` : '';
    return new AfterimageError(
      'NOT_FINITE',
      `${what}; ${before}.`,
      `Lower learningRate (${learningRate})${weight} and start a new run; the epochs before this one are stored.`,
    );
  }

  #describe({ loss, crossEntropy, contrastive }: BatchTerms): string {
    const terms = [`cross-entropy ${brief(crossEntropy)}`];
    if (this.#hasContrastive) terms.push(`contrastive ${brief(contrastive)}`);
    return `${brief(loss)} (${terms.join(', ')})`;
  }

  /** Between steps: messages are read, a due checkpoint is taken, a pause is obeyed. */
  async #between(): Promise<void> {
    await this.#context.yieldToMessages();
    if (this.#context.pauseRequested()) throw new Paused();
    if (performance.now() - this.#checkpointedAt < this.#job.checkpointIntervalMs) return;
    const checkpoint = this.#encodeCheckpoint();
    this.#context.emit({ type: 'checkpoint', epoch: this.#epoch, step: this.#step, checkpoint });
    this.#checkpointedAt = performance.now();
  }

  async #endEpoch(): Promise<void> {
    this.#trainingMs = this.#elapsedMs;
    const training = meansOf(this.#sums, this.#hasContrastive);
    const imagesPerSecond = (this.#sums.images / this.#trainingMs) * 1000;
    await this.#recordEpoch(this.#epoch, training, this.#learningRate, imagesPerSecond);
  }

  get #hasContrastive(): boolean {
    return this.#job.config.paradigm === 'R';
  }

  /** Validates, evaluates and emits an epoch; the checkpoint in it is the start of the next one. */
  async #recordEpoch(
    epoch: number,
    training: Means,
    learningRate: number | null,
    imagesPerSecond: number | null,
  ): Promise<void> {
    const evaluationBeganAt = performance.now();
    const validation = meansOf(await this.#validate(epoch), this.#hasContrastive);
    if (!Number.isFinite(validation.loss)) {
      throw this.#notFinite(
        `The validation loss became ${validation.loss} at the end of epoch ${epoch}, step ${this.#step}`,
      );
    }
    const { dataset } = this.#context;
    const test = await evaluateTestImages(
      this.#session,
      dataset.test.labels,
      this.#job.split.test,
      (step, steps) => this.#evaluationProgress('evaluation', epoch, step, steps),
    );
    const metrics: EpochMetrics = {
      epoch,
      trainLoss: training.loss,
      crossEntropy: training.crossEntropy,
      contrastive: training.contrastive,
      trainAccuracy: training.accuracy,
      validationLoss: validation.loss ?? Number.NaN,
      validationCrossEntropy: validation.crossEntropy ?? Number.NaN,
      validationContrastive: validation.contrastive,
      validationAccuracy: validation.accuracy ?? Number.NaN,
      testCrossEntropy: test.crossEntropy,
      ...summarizeExamples(test.examples, this.#job.config.lowConfidenceThreshold),
      nanBatches: epoch === 0 ? 0 : this.#sums.nanBatches,
      learningRate,
      durationMs: this.#elapsedMs,
      evaluationMs: performance.now() - evaluationBeganAt,
      imagesPerSecond,
      numericsVersion,
    };
    this.#startNextEpoch(epoch, metrics.validationLoss);
    const weights = this.#encodeWeights(epoch);
    const checkpoint = this.#encodeCheckpoint();
    const result = { metrics, examples: test.examples, weights, checkpoint };
    this.#context.emit({ type: 'epoch', result });
    this.#checkpointedAt = performance.now();
    await this.#context.yieldToMessages();
    if (this.#context.pauseRequested()) throw new Paused();
  }

  #startNextEpoch(epoch: number, validationLoss: number): void {
    if (epoch > 0) {
      this.#history = recordValidation(this.#history, epoch, validationLoss, this.#job.config);
    }
    this.#epoch = epoch + 1;
    this.#step = 0;
    this.#permutation = new Uint32Array(0);
    this.#sums = noSums;
    this.#earlierMs = 0;
    this.#beganAt = performance.now();
  }

  async #validate(epoch: number): Promise<EpochSums> {
    const indices = this.#job.split.validation;
    const steps = Math.ceil(indices.length / validationBatchSize);
    let [sums, step] = [noSums, 0];
    for (const part of cut(indices, validationBatchSize)) {
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
    const metadata = { runId, seed: String(seed), epoch: String(epoch), model: config.model };
    return encodeSafetensors({ tensors, metadata });
  }

  #reportTraining(steps: number): void {
    this.#report({
      phase: 'training',
      epoch: this.#epoch,
      epochs: this.#job.config.epochs,
      step: this.#step,
      steps,
      ...meansOf(this.#sums, this.#hasContrastive),
      imagesPerSecond: (this.#sums.images / this.#elapsedMs) * 1000,
    });
  }

  async #evaluationProgress(
    phase: 'validation' | 'evaluation',
    epoch: number,
    step: number,
    steps: number,
  ): Promise<void> {
    const { epochs } = this.#job.config;
    this.#report({ phase, epoch, epochs, step, steps, ...nothing, imagesPerSecond: 0 });
    await this.#context.yieldToMessages();
    if (!this.#context.pauseRequested()) return;
    // The evaluation begins anew when the run goes on, so its time so far does not count.
    this.#earlierMs = this.#trainingMs;
    this.#beganAt = performance.now();
    throw new Paused();
  }

  #report(progress: TrainerProgress): void {
    const now = performance.now();
    if (now - this.#reportedAt < progressIntervalMs && progress.step < progress.steps) return;
    this.#reportedAt = now;
    this.#context.emit({ type: 'progress', progress });
  }
}

/** Trains a run from its start or its checkpoint until it is complete or paused. */
export async function trainRun(job: TrainerJob, context: TrainerContext): Promise<void> {
  await new Trainer(job, context).run();
}
