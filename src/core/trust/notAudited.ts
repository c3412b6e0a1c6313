import { AfterimageError } from '../errors.ts';
import type { Run } from '../records.ts';

/** What a reader of audits is told where there is none. */
export const notAudited = (
  { name, id }: Pick<Run, 'name' | 'id'>,
  epoch: number,
): AfterimageError =>
  new AfterimageError(
    'NOT_FOUND',
    `Run ${name} was not audited at epoch ${epoch}.`,
    `Run \`audit --run ${id} --epochs ${epoch}\`, or choose another epoch.`,
  );
