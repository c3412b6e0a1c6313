/** The beginning of a data set's id, which tells sets of one name apart: 12 of 64 digits. */
export const shortenDatasetId = (id: string): string => id.slice(0, 12);

/**
 * What to call several data sets in one sentence: by their names, with the beginning of its id beside
 * the name of each that shares it with another set.
 */
export const nameDatasets = (datasets: readonly { name: string; id: string }[]): string[] =>
  datasets.map(({ name, id }) =>
    datasets.some((other) => other.name === name && other.id !== id)
      ? `${name} (${shortenDatasetId(id)})`
      : name,
  );
