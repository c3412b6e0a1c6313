import type { PixelFormat } from '../../core/pixels.ts';
import type { UserError } from '../composables/userError.ts';
import type { TensorReader } from './tensorFile.ts';

/*
 * What answers of the workbench say of a run's data beside its tensors, so that nobody has to look it
 * up by the name of a data set, which may mean another one here.
 */

/** Names by class; the class's number where there is none. */
export function readClassNames({ metadata }: TensorReader, classes: number): string[] {
  const names: unknown = JSON.parse(metadata['classNames'] ?? '[]');
  return Array.from({ length: classes }, (_, k) => {
    const name: unknown = Array.isArray(names) ? names[k] : undefined;
    return typeof name === 'string' ? name : String(k);
  });
}

/** Size and channels of the run's images. */
export const readPixelFormat = ({ metadata }: TensorReader): PixelFormat => ({
  imageSize: Number(metadata['imageSize'] ?? 0),
  channels: metadata['channels'] === '3' ? 3 : 1,
});

/** Why the answer has no image; null where it has one. */
export function readImageProblem({ metadata }: TensorReader): UserError | null {
  const json = metadata['imageProblem'];
  return json === undefined ? null : (JSON.parse(json) as UserError);
}
