/**
 * The trainer's process: started by the supervisor, told by messages, answering with events. It
 * reads the data set it is given and writes nothing but a log to its output. It ends with its parent.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeDataset, type DatasetContent } from '../../core/formats/datasetFile.ts';
import { AfterimageError } from '../../core/errors.ts';
import { readVerified } from '../platform/hashes.ts';
import type { TrainerCommand, TrainerEvent, TrainerJob } from '../../shared/trainerEvents.ts';
import { describeFailure } from './describeFailure.ts';
import { prepareLabels } from './dataset/permuteLabels.ts';

let pauseRequested = false;

/** Settles when everything emitted so far has left this process. */
let sent: Promise<unknown> = Promise.resolve();

const emit = (event: TrainerEvent): void => {
  sent = new Promise((resolve) => {
    process.send?.(event, undefined, {}, resolve);
  });
  const line = describeEvent(event);
  if (line !== null) console.error(line);
};

/** What the log says of an event, for whoever asks why a trainer died; null for nothing. */
function describeEvent(event: TrainerEvent): string | null {
  switch (event.type) {
    case 'started': {
      const { name, device, threads } = event.engine;
      return `engine ${name} (${device}, threads: ${threads})`;
    }
    case 'checkpoint':
      return `checkpoint in epoch ${event.epoch}, step ${event.step}`;
    case 'epoch': {
      const { epoch, validationLoss } = event.result.metrics;
      return `epoch ${epoch}: validation loss ${validationLoss.toPrecision(4)}`;
    }
    default:
      return null;
  }
}

/**
 * Lets messages in, and waits until those out have left: an epoch's takes megabytes through a pipe
 * that takes some 100 KB at a turn, so without the wait a fast trainer would run ever further ahead
 * of what is stored.
 */
async function yieldToMessages(): Promise<void> {
  await sent;
  await nextTurn();
}

/** The images that the run began on, to the byte: on others it would store other numbers. */
async function loadDataset(job: TrainerJob): Promise<DatasetContent> {
  const { datasetPath, datasetId } = job;
  const bytes = await readVerified(datasetPath, datasetId);
  if (bytes !== null) return prepareLabels(decodeDataset(bytes, datasetPath), job);
  throw new AfterimageError(
    'CORRUPT_HISTORY',
    `The data set's file ${datasetPath} is not what was stored.`,
    'Import it again under the same name, or fetch it with "datasets fetch"; then resume the run.',
  );
}

/** Loads the engine only now: messages and signals are heard while that takes its second. */
async function train(job: TrainerJob): Promise<void> {
  const [{ openEngine }, { trainRun }] = await Promise.all([
    import('./openEngine.ts'),
    import('./trainer.ts'),
  ]);
  const engine = await openEngine(job);
  const dataset = await loadDataset(job);
  const environment = { platform: process.platform, arch: process.arch, node: process.version };
  emit({ type: 'started', engine: engine.info, environment });
  await trainRun(job, {
    engine,
    dataset,
    emit,
    pauseRequested: () => pauseRequested,
    yieldToMessages,
  });
}

async function answerStart(job: TrainerJob): Promise<void> {
  try {
    await train(job);
  } catch (error) {
    const failure = describeFailure(error, job);
    if (failure.code === 'INTERNAL') console.error(error);
    emit(failure);
  } finally {
    await sent;
    process.disconnect();
  }
}

// A terminal sends its interrupt to the whole group, and so does what ends a job its SIGTERM (timeout,
// batch systems, service managers); the supervisor decides what it means.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => {
  process.exit();
});
process.on('message', (command: TrainerCommand) => {
  if (command.type === 'pause') {
    pauseRequested = true;
    return;
  }
  void answerStart(command.job);
});
