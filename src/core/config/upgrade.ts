import { AfterimageError } from '../errors.ts';
import { configVersion, runConfigSchema, type RunConfig } from './runConfig.ts';

type Stored = Readonly<Record<string, unknown>>;

const damaged = (what: string, cause?: unknown): AfterimageError =>
  new AfterimageError(
    'CORRUPT_HISTORY',
    `A run’s configuration cannot be read: ${what}.`,
    'Restore the history from a backup, or import the run again.',
    cause,
  );

/** What the optimizer and the schedule of version 1 read of its one list of settings. */
const optimizerOf = ({ optimizer, learningRate, momentum }: Stored): Stored => ({
  ...{ name: optimizer, learningRate },
  ...(optimizer === 'sgd' && { momentum }),
});

function scheduleOf({ schedule, scheduleEpochs, scheduleFactor }: Stored): Stored {
  const name = schedule;
  if (name === 'step') return { name, epochs: scheduleEpochs, factor: scheduleFactor };
  if (name === 'plateau') return { name, patience: scheduleEpochs, factor: scheduleFactor };
  return { name };
}

const objectiveOf = (flat: Stored): Stored => {
  const { camWeight, distanceReduction, pairing, margin } = flat;
  const contrastive = { weight: camWeight, distanceReduction, pairing, margin };
  return flat.paradigm === 'R' ? { contrastive } : {};
};

/** Version 1: one flat object, with settings of components that the run did not have. */
function fromFlat(flat: Stored): Stored {
  const { dataset, trainExamples, testExamples, testFraction, validationFraction, splitSeed } =
    flat;
  const { model, dropout, targetLayer, camGradient, batchSize, epochs, patience } = flat;
  return {
    version: configVersion,
    data: { dataset, trainExamples, testExamples, testFraction, validationFraction, splitSeed },
    model: { name: model, dropout },
    cam: { targetLayer, gradient: camGradient },
    objective: objectiveOf(flat),
    optimizer: optimizerOf(flat),
    schedule: scheduleOf(flat),
    training: { batchSize, epochs, patience },
    evaluation: { lowConfidenceThreshold: flat.lowConfidenceThreshold },
  };
}

/**
 * A stored configuration of any version as one of this version: what version 1 held for components
 * that the run did not have is dropped, fields that came later have their defaults.
 *
 * @throws AfterimageError NEWER_VERSION for one that later code wrote, CORRUPT_HISTORY for what is none
 */
export function upgradeRunConfig(stored: unknown): RunConfig {
  if (typeof stored !== 'object' || stored === null) throw damaged('it is no object');
  const { version = 1 } = stored as Stored;
  if (typeof version === 'number' && version > configVersion) {
    throw new AfterimageError(
      'NEWER_VERSION',
      `A run’s configuration has version ${version}; this version of Afterimage reads up to ${configVersion}.`,
      'Install a later version.',
    );
  }
  const parsed = runConfigSchema.safeParse(version === 1 ? fromFlat(stored as Stored) : stored);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, parsed.error);
}
