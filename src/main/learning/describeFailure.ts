import { AfterimageError, factsOf } from '../../core/errors.ts';
import type { TrainerEvent, TrainerJob } from '../../shared/trainerEvents.ts';
import { findGpuFault } from '../platform/gpuFaults.ts';

type Failure = Extract<TrainerEvent, { type: 'failed' }>;

/** The event of an error; native libraries report lack of memory, or of a GPU, as text only. */
export function describeFailure(error: unknown, { engine, config }: TrainerJob): Failure {
  if (error instanceof AfterimageError) return { type: 'failed', ...factsOf(error) };
  const message = error instanceof Error ? error.message : String(error);
  const fault = findGpuFault(message);
  const at = `at batch size ${config.training.batchSize}`;
  if (fault?.kind === 'memory') {
    return {
      type: 'failed',
      code: 'OUT_OF_MEMORY',
      message: `The GPU’s memory is full ${at}: ${fault.line}`,
      remedy:
        'Resume the run when other programs have left the GPU, or with fewer `--jobs`; where it is alone, start a new run with a smaller batchSize.',
    };
  }
  if (fault?.kind === 'lost') {
    return {
      type: 'failed',
      code: 'ENGINE_UNAVAILABLE',
      message: `The GPU answers no more: ${fault.line}`,
      remedy: 'See what `nvidia-smi` and `engine doctor` say of it, then resume the run.',
    };
  }
  if (/out of memory|OOM|failed to allocate|memory access out of bounds/i.test(message)) {
    return {
      type: 'failed',
      code: 'OUT_OF_MEMORY',
      message: `The ${engine} engine ran out of memory ${at}: ${message}`,
      remedy: 'Start a new run with a smaller batchSize; what this run stored stays.',
    };
  }
  return {
    type: 'failed',
    code: 'INTERNAL',
    message,
    remedy: 'Resume the run; if it fails again, report the log.',
  };
}
