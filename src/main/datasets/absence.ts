import { shortenDatasetId } from '../../core/datasetNames.ts';
import { AfterimageError } from '../../core/errors.ts';
import type { DatasetRecord } from '../../core/records.ts';

/**
 * Why the images of a data set cannot be had.
 *
 * @param known what runs say of it
 * @param namesake the set that has its name here
 */
export function describeAbsence(
  id: string,
  known: DatasetRecord | null,
  namesake: DatasetRecord | null,
): AfterimageError {
  const short = shortenDatasetId(id);
  if (known === null) {
    const remedy = 'List the data sets to see what there is.';
    return new AfterimageError('NOT_FOUND', `There is no data set ${short}.`, remedy);
  }
  const { name, source } = known;
  const other = namesake
    ? `; the set of that name here is another one (${shortenDatasetId(namesake.id)})`
    : '';
  return new AfterimageError(
    'NOT_FOUND',
    `The images of data set ${name} (${short}) are not here${other}.`,
    `Import them again${namesake ? ' under another name' : ''}, with "datasets import" or under Data; they came from ${source}.`,
  );
}
