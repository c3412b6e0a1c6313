import { isDeepStrictEqual } from 'node:util';
import type { WorkbenchEvent } from '../../shared/events.ts';
import { AfterimageError } from '../../core/errors.ts';
import { noteExtension, planExtension, type Extension } from '../../core/extension.ts';
import type { RunError, RunStatus, RunSummary } from '../../core/records.ts';
import type { TrainerEvent, TrainerJob } from '../../shared/trainerEvents.ts';
import type { History } from '../store/history.ts';
import type { OwnedRun, RunWish } from '../store/runs/runOwners.ts';
import { EpochLosses } from './epochLosses.ts';
import { estimateRemainingMs } from './estimate.ts';
import { RunQueue, type ActiveRun } from './queue.ts';
import { Recorder } from './recorder.ts';
import { superviseRun, toRunError } from './supervisor.ts';
import type { StartTrainer } from './trainerHost.ts';

export interface PreparedJob {
  job: TrainerJob;
  environment: Record<string, string>;
}

export interface TrainingParts {
  history: History;
  /** Trainers side by side. */
  jobs: number;
  startTrainer: StartTrainer;
  /**
   * Gathers what a run's trainer needs; may take as long as a download. `sideBySide` is how many runs
   * will share the machine with it, itself included, as the queue is now.
   */
  prepare: (runId: string, sideBySide: number) => Promise<PreparedJob>;
  publish: (event: WorkbenchEvent) => void;
}

const resumable: ReadonlySet<RunStatus> = new Set(['paused', 'interrupted', 'failed', 'queued']);

/** Runs from the queue to their last stored epoch. */
export class Training {
  readonly #parts: TrainingParts;
  readonly #queue: RunQueue;
  /** Runs that were completed and are trained further, as they were, while nothing has come of it. */
  readonly #extended = new Map<string, { before: RunSummary; wasKept: boolean }>();
  #isEnding = false;

  constructor(parts: TrainingParts) {
    this.#parts = parts;
    this.#queue = new RunQueue(parts.jobs, (runId) => this.#launch(runId), {
      changed: () => {
        parts.publish({ type: 'queue', runIds: parts.history.queue.list() });
      },
    });
  }

  get active(): readonly string[] {
    return this.#queue.active;
  }

  /** Settles when nothing waits or trains. */
  get idle(): Promise<undefined> {
    return this.#queue.idle;
  }

  /** Queues runs that are stored as queued, all or none: one transaction, however many they are. */
  submit(runIds: readonly string[]): void {
    const { history } = this.#parts;
    history.transaction(() => {
      for (const runId of runIds) history.owners.claim(runId);
    });
    this.#queue.enqueue(runIds);
  }

  /**
   * Queues what earlier processes left waiting, unless another takes it at this moment; where nothing can
   * be written, it goes on waiting.
   */
  submitWaiting(): void {
    const { history } = this.#parts;
    if (history.isReadOnly) return;
    const { owners, queue } = history;
    const claimed = history.transaction(() => {
      const free = queue.list().filter((runId) => !owners.isOwnedElsewhere(runId));
      for (const runId of free) owners.claim(runId);
      return free;
    });
    this.#queue.enqueue(claimed);
  }

  /** CONFLICT unless a run can go on, or be started before its turn. */
  checkResumable(runId: string): void {
    const { status, name } = this.#getOutsideBin(runId);
    if (!resumable.has(status) && !this.#isStranded(runId, status)) {
      throw new AfterimageError(
        'CONFLICT',
        `Run ${name} is ${status} and cannot be resumed.`,
        status === 'running'
          ? 'It is training already.'
          : 'Start a new run with its configuration.',
      );
    }
  }

  /** Has another process do it that owns the run; false where none does. */
  #ask(runId: string, wish: RunWish): boolean {
    const { owners } = this.#parts.history;
    const isForeign = owners.isOwnedElsewhere(runId);
    if (isForeign) owners.ask(runId, wish);
    return isForeign;
  }

  /** Does to runs of this process what others asked, and takes up the order that they gave the queue. */
  heed(runIds: readonly string[]): void {
    if (this.#isEnding) return;
    const { owners, queue } = this.#parts.history;
    for (const runId of runIds) {
      const own = owners.findOwn(runId);
      if (own !== null) this.#heed(runId, own);
    }
    const order = queue.list().filter((runId) => this.#queue.waiting.includes(runId));
    if (!isDeepStrictEqual(order, this.#queue.waiting)) this.#queue.reorder(order);
  }

  #heed(runId: string, { status, isDeleted, asked }: OwnedRun): void {
    if (status === 'queued' && isDeleted) this.#queue.pause(runId);
    else if (status === 'queued') this.#queue.enqueue([runId]);
    if (asked === null) return;
    this.#parts.history.owners.ask(runId, null);
    if (asked === 'start') this.#queue.startNow(runId);
    else if (asked === 'pause') this.pause(runId);
    else {
      this.stop(runId).catch((error: unknown) => {
        console.error(`Run ${runId} could not be stopped, as another process asked:`, error);
      });
    }
  }

  /** CONFLICT where a run lies in the bin. */
  #getOutsideBin(runId: string): RunSummary {
    const run = this.#parts.history.runs.getSummary(runId);
    if (run.deletedAt === null) return run;
    throw new AfterimageError('CONFLICT', `Run ${run.name} lies in the bin.`, 'Restore it first.');
  }

  /** How a run would go on to so many epochs in all; see `planExtension`. */
  planExtension(runId: string, epochs: number): Extension {
    const isKept = this.#parts.history.checkpoints.has(runId);
    return planExtension(this.#getOutsideBin(runId), epochs, isKept);
  }

  /** Makes a run one of so many epochs, and says in its note what its numbers do not owe to that. */
  #extend(runId: string, epochs: number): void {
    const { runs } = this.#parts.history;
    const { differences } = this.planExtension(runId, epochs);
    const { last, note } = runs.getSummary(runId);
    runs.setEpochs(runId, epochs);
    if (differences.length === 0) return;
    const line = noteExtension(last?.epoch ?? 0, epochs, differences);
    runs.setNote(runId, note === '' ? line : `${note}\n\n${line}`);
  }

  /**
   * Lets a run go on from its checkpoint; a queued one starts at once, or `inTurn`. CONFLICT where it cannot.
   *
   * @param epochs how many it shall have at most, where not as many as it was to have
   */
  resume(runId: string, epochs?: number, inTurn = false): void {
    const { history } = this.#parts;
    const before = history.runs.getSummary(runId);
    if (before.status === 'queued' && this.#ask(runId, 'start')) return;
    // One transaction: a run that another process takes at this moment stays as that has it.
    const wasQueued = history.transaction(() => {
      if (epochs === undefined) this.checkResumable(runId);
      else this.#extend(runId, epochs);
      history.owners.claim(runId);
      if (history.runs.getSummary(runId).status === 'queued') return true;
      history.runs.setStatus(runId, 'queued');
      return false;
    });
    if (before.status === 'completed') {
      this.#extended.set(runId, { before, wasKept: history.checkpoints.has(runId) });
    }
    if (!wasQueued) this.#publishRun(runId);
    this.#queue.enqueue([runId]);
    if (wasQueued && !inTurn) this.#queue.startNow(runId);
  }

  /** Whether a run of this process counts as running only because its end could not be stored. */
  #isStranded(runId: string, status: RunStatus): boolean {
    if (status !== 'running' || this.#queue.active.includes(runId)) return false;
    return !this.#parts.history.owners.isOwnedElsewhere(runId);
  }

  /** Asks a run's trainer to stop, or takes the run off the queue. */
  pause(runId: string): void {
    if (this.#ask(runId, 'pause')) return;
    if (this.#queue.waiting.includes(runId)) this.#setStatus(runId, 'paused');
    this.#queue.pause(runId);
  }

  /** Ends a run for good, where another process trains it as soon as that has; what it stored stays. */
  async stop(runId: string): Promise<void> {
    const { status, name } = this.#parts.history.runs.getSummary(runId);
    if (status === 'completed' || status === 'stopped') {
      throw new AfterimageError('CONFLICT', `Run ${name} is ${status} already.`, 'Nothing to do.');
    }
    if (this.#ask(runId, 'stop')) return;
    this.pause(runId);
    await this.#queue.whenStopped(runId);
    this.#setStatus(runId, 'stopped');
    this.#parts.history.checkpoints.remove(runId);
  }

  reorder(runIds: readonly string[]): string[] {
    const order = this.#parts.history.queue.reorder(runIds);
    this.#queue.reorder(order);
    return order;
  }

  /** Pauses everything; settles when all is stored. */
  async pauseAll(): Promise<void> {
    this.#isEnding = true;
    await this.#queue.pauseAll();
  }

  #setStatus(runId: string, ...status: [RunStatus]): void {
    this.#parts.history.runs.setStatus(runId, ...status);
    this.#publishRun(runId);
  }

  #publishRun(runId: string): void {
    this.#parts.publish({ type: 'run', run: this.#parts.history.runs.getSummary(runId) });
  }

  #launch(runId: string): ActiveRun {
    let active: ActiveRun | undefined;
    let pauseRequested = false;
    const known = this.#queue.active.length + this.#queue.waiting.length + 1;
    const sideBySide = Math.min(this.#parts.jobs, known);
    const begin = async (): Promise<void> => {
      this.#setStatus(runId, 'running');
      const prepared = await this.#parts.prepare(runId, sideBySide);
      active = this.#supervise(runId, prepared);
      if (pauseRequested) active.pause();
      await active.done;
    };
    const done = begin().catch((error: unknown) => {
      this.#fail(runId, error);
    });
    return {
      done,
      pause: () => {
        pauseRequested = true;
        active?.pause();
      },
    };
  }

  #supervise(runId: string, { job, environment }: PreparedJob): ActiveRun {
    const { history, publish } = this.#parts;
    const recorder = new Recorder(history, runId);
    const epochs = [...history.runs.get(runId).epochs];
    const losses = new EpochLosses();
    return superviseRun({
      job,
      environment,
      startTrainer: this.#parts.startTrainer,
      record: (event) => {
        recorder.record(event);
        this.#noteGain(runId, event);
        if (event.type === 'progress') {
          const { progress } = event;
          const remainingMs = estimateRemainingMs(progress, epochs, job.config.training.batchSize);
          const stepLosses = losses.add(progress, event.losses ?? []);
          publish({
            type: 'progress',
            runId,
            progress,
            remainingMs,
            ...(stepLosses && { stepLosses }),
          });
        } else if (event.type === 'epoch') {
          const { metrics } = event.result;
          epochs[metrics.epoch] = metrics;
          publish({ type: 'epoch', runId, metrics });
          this.#publishRun(runId);
        } else if (event.type !== 'checkpoint') this.#publishRun(runId);
      },
      fail: (error) => {
        this.#fail(runId, error);
      },
    });
  }

  /** From its first new epoch on, or where the state that it had is gone, a run trained further is another. */
  #noteGain(runId: string, event: TrainerEvent): void {
    const extended = this.#extended.get(runId);
    if (extended === undefined) return;
    const { before, wasKept } = extended;
    const isGain =
      event.type === 'epoch'
        ? event.result.metrics.epoch > (before.last?.epoch ?? 0)
        : event.type === 'paused' || (event.type === 'checkpoint' && wasKept);
    if (isGain) this.#extended.delete(runId);
  }

  /** Stores how a run ended that failed: as it was before, where nothing has come of training it further. */
  #storeFailure(runId: string, error: RunError): void {
    const { runs, checkpoints } = this.#parts.history;
    const extended = this.#extended.get(runId);
    this.#extended.delete(runId);
    if (extended === undefined) {
      runs.setStatus(runId, 'failed', error);
      return;
    }
    this.#parts.history.transaction(() => {
      const { name, config } = runs.getSummary(runId);
      const message = `Run ${name} was not trained further, to ${config.training.epochs} epochs: ${error.message}`;
      runs.restoreCompleted(extended.before, { ...error, message });
      if (!extended.wasKept) checkpoints.remove(runId);
    });
  }

  /**
   * Stores why a run ended, and tells everyone. Where the first is impossible (a full disk), the
   * second is done all the same, and the next start finds the run interrupted.
   */
  #fail(runId: string, cause: unknown): void {
    const { history, publish } = this.#parts;
    const error = toRunError(cause, []);
    const attempt = (work: () => void): void => {
      try {
        work();
      } catch (storeError) {
        const { message } = toRunError(storeError, []);
        console.error(`The end of run ${runId} could not be stored: ${message}`);
      }
    };
    let isStored = false;
    attempt(() => {
      this.#storeFailure(runId, error);
      isStored = true;
    });
    attempt(() => {
      const run = history.runs.getSummary(runId);
      publish({ type: 'run', run: isStored ? run : { ...run, status: 'failed', error } });
    });
  }
}
