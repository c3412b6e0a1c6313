import { AfterimageError } from '../../core/errors.ts';
import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedTensor,
} from '../../core/formats/safetensors.ts';
import { trainingProgressSchema, type TrainingProgress } from './trainingProgress.ts';

/** Everything that decides how training goes on, and nothing else. */
export interface Checkpoint {
  progress: TrainingProgress;
  /** Parameters, running statistics and optimizer slots, in the order of the step's inputs. */
  state: Float32Array[];
}

export function encodeCheckpoint({ progress, state }: Checkpoint): Uint8Array {
  const { permutation, ...rest } = progress;
  const tensors: Record<string, NamedTensor> = {
    permutation: { shape: [permutation.length], values: permutation },
  };
  state.forEach((values, i) => {
    tensors[`state/${i}`] = { shape: [values.length], values };
  });
  return encodeSafetensors({ tensors, metadata: { progress: JSON.stringify(rest) } });
}

const corrupt = (what: string): AfterimageError =>
  new AfterimageError(
    'CORRUPT_INPUT',
    `The run's checkpoint cannot be used: ${what}.`,
    'Start the run again; its stored epochs stay as they are.',
  );

/** What earlier code wrote, with a sum per term that it knew, as this code writes it. */
function nameTerms(progress: unknown): unknown {
  const { sums } = progress as { sums?: Record<string, number> };
  if (sums === undefined || 'terms' in sums) return progress;
  const { crossEntropy, contrastive, ...rest } = sums;
  return { ...(progress as object), sums: { ...rest, terms: { crossEntropy, contrastive } } };
}

function readProgress(json: string | undefined): unknown {
  try {
    const progress: unknown = JSON.parse(json ?? 'null');
    return typeof progress === 'object' && progress !== null ? nameTerms(progress) : null;
  } catch {
    return null;
  }
}

/** @param stateSizes the lengths that the model and the optimizer of the run's config have */
export function decodeCheckpoint(bytes: Uint8Array, stateSizes: readonly number[]): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes, 'the checkpoint');
  const progress = trainingProgressSchema.safeParse(readProgress(metadata['progress']));
  if (!progress.success) throw corrupt('its progress is damaged');
  const permutation = tensors['permutation']?.values;
  if (!(permutation instanceof Uint32Array)) throw corrupt('it has no permutation');
  const state = stateSizes.map((size, i) => {
    const values = tensors[`state/${i}`]?.values;
    if (!(values instanceof Float32Array) || values.length !== size) {
      throw corrupt(`state vector ${i} does not fit the model`);
    }
    return values;
  });
  return { progress: { ...progress.data, permutation }, state };
}
