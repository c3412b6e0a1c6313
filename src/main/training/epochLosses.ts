import { addStepLosses, type StepLoss } from '../../core/metrics/stepLosses.ts';
import type { WorkbenchEvent } from '../../shared/events.ts';
import type { TrainerProgress } from '../../shared/trainerEvents.ts';

type Told = NonNullable<Extract<WorkbenchEvent, { type: 'progress' }>['stepLosses']>;

/** How often the curve of an epoch is told whole, ms; events are kept for those who fall behind. */
const intervalMs = 1000;

/** The losses of the steps of the epoch that a run is in. */
export class EpochLosses {
  #epoch = 0;
  #losses: readonly StepLoss[] = [];
  #toldAt = -Infinity;

  /** @returns the curve so far where it is time to tell it */
  add(
    { epoch, steps, step, phase }: TrainerProgress,
    added: readonly StepLoss[],
    now = performance.now(),
  ): Told | undefined {
    if (epoch !== this.#epoch) this.#losses = [];
    this.#epoch = epoch;
    if (phase !== 'training') return undefined;
    this.#losses = addStepLosses(this.#losses, added, steps);
    if (now - this.#toldAt < intervalMs && step < steps) return undefined;
    this.#toldAt = now;
    return {
      steps: this.#losses.map((each) => each.step),
      losses: this.#losses.map(({ loss }) => loss),
    };
  }
}
