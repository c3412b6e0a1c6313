import { schedules } from './config/schedules/registry.ts';
import { AfterimageError, invalidArgument } from './errors.ts';
import { hasImportedWeights } from './importedWeights.ts';
import { describeResumption, numericsVersion } from './numericsVersion.ts';
import type { EpochMetrics, RunStatus, RunSummary } from './records.ts';

/** What of a run decides how it can be trained further. */
export type ExtendedRun = Pick<RunSummary, 'name' | 'status' | 'config' | 'bestEpoch'> & {
  /** Metrics of the last epoch stored; null before epoch 0. */
  last: Pick<EpochMetrics, 'epoch' | 'trainLoss' | 'numericsVersion'> | null;
};

export interface Extension {
  /** What will differ from a run that had been asked for as many epochs from its start; none: not a bit. */
  differences: string[];
  /** Epochs that are trained again first, since the state after the last one was not kept; 0: none. */
  repeated: number;
}

const extensible: ReadonlySet<RunStatus> = new Set([
  'completed',
  'paused',
  'interrupted',
  'failed',
]);

const conflict = (message: string, remedy: string): AfterimageError =>
  new AfterimageError('CONFLICT', message, remedy);

const anew = (epochs: number): string =>
  `Start a new run with its configuration and ${epochs} epochs`;

/** CONFLICT, INVALID_ARGUMENT where a run has no later epochs, whatever it goes on from. */
function checkGoesOn({ name, status, config, bestEpoch, last }: ExtendedRun, epochs: number): void {
  if (!extensible.has(status)) {
    throw conflict(
      `Run ${name} is ${status} and cannot be trained further.`,
      status === 'stopped' ? `${anew(epochs)}.` : 'Wait until it has ended, or pause it first.',
    );
  }
  if (hasImportedWeights(last)) {
    throw conflict(
      `Run ${name} has weights that were imported, and no state of an optimizer to train on from.`,
      'Start a new run with its configuration.',
    );
  }
  const trained = last?.epoch ?? 0;
  if (epochs <= trained) {
    throw invalidArgument(
      `Run ${name} has ${trained} epochs already, and cannot be trained to ${epochs}.`,
      `Give a number above ${trained}.`,
    );
  }
  const { patience } = config.training;
  const waited = trained - (bestEpoch ?? 0);
  if (status === 'completed' && patience !== null && waited >= patience) {
    throw conflict(
      `Early stopping ended run ${name} after epoch ${trained}: none of the ${waited} epochs after ${bestEpoch ?? 0} had a lower validation loss. With ${epochs} epochs it would have ended there too.`,
      `Start a new run with its configuration and a patience above ${patience}, or none.`,
    );
  }
}

/** Epochs whose learning rate was that of a run of other length; null where none was. */
function describeSchedule({ config, last }: ExtendedRun, epochs: number): string | null {
  const { title, spansRun } = schedules.find(({ name }) => name === config.schedule.name) ?? {};
  const trained = last?.epoch ?? 0;
  const before = config.training.epochs;
  if (spansRun !== true || trained === 0 || before === epochs) return null;
  return `the ${title?.toLowerCase() ?? ''} schedule spreads over all epochs of a run: epochs 1 to ${trained} had the learning rates of ${before} epochs, later ones have those of ${epochs}`;
}

/**
 * How a run goes on to `epochs` epochs in all. CONFLICT, INVALID_ARGUMENT where it cannot: where early
 * stopping would have ended it all the same, where nothing was trained, or where what was not kept
 * cannot be had again.
 *
 * @param isKept whether the state after its last epoch is stored
 */
export function planExtension(run: ExtendedRun, epochs: number, isKept: boolean): Extension {
  checkGoesOn(run, epochs);
  const schedule = describeSchedule(run, epochs);
  const arithmetic = describeResumption(run);
  const repeated = isKept ? 0 : (run.last?.epoch ?? 0);
  if (repeated === 0) {
    const differences = [schedule, arithmetic].filter((each) => each !== null);
    return { differences, repeated };
  }
  const cause =
    schedule ??
    (arithmetic && `this version computes by version ${numericsVersion} of the arithmetic`);
  if (cause !== null) {
    throw conflict(
      `The state after the last epoch of run ${run.name} was not kept, and training again would not lead there: ${cause}.`,
      `${anew(epochs)}; runs that keep their checkpoint can be trained further.`,
    );
  }
  return { differences: [], repeated };
}

/** One line for a run's note, where its numbers are not those that its configuration alone would give. */
export const noteExtension = (from: number, to: number, differences: readonly string[]): string =>
  `Trained further, from ${from} to ${to} epochs: ${differences.join('; ')}.`;

/** The same in sentences, for who is to decide. */
export function describeExtension(name: string, { differences, repeated }: Extension): string[] {
  if (repeated > 0) {
    return [
      `The state after the last epoch of ${name} was not kept: ${repeated === 1 ? 'its epoch is' : `its ${repeated} epochs are`} trained again first, and must come out the same to the bit. To spare that another time, keep checkpoints.`,
    ];
  }
  if (differences.length === 0) return [];
  return [
    `${name} will not be what it would be with as many epochs from its start: ${differences.join('; ')}.`,
  ];
}
