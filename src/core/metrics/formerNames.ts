/**
 * Names of metrics before each said which images it is of, as commands and figures from then give them:
 * in tables and comparisons of runs, and among the metrics of an epoch.
 */
const formerComparedNames: Readonly<Record<string, string>> = {
  accuracy: 'testAccuracy',
  crossEntropy: 'testCrossEntropy',
};
const formerEpochNames: Readonly<Record<string, string>> = {
  crossEntropy: 'trainCrossEntropy',
  contrastive: 'trainContrastive',
};

/** What a compared metric is called now. */
export const renameCompared = (name: string): string => formerComparedNames[name] ?? name;

const renameEpochMetric = (name: unknown): unknown =>
  typeof name === 'string' ? (formerEpochNames[name] ?? name) : name;

/** Fields of a figure's specification that name metrics of an epoch. */
const metricFields = ['metrics', 'fidelity', 'accuracy'];

/** A figure's specification with the names that its metrics have now. */
export function renameInSpecification(specification: object): Record<string, unknown> {
  const renamed: Record<string, unknown> = { ...specification };
  for (const field of metricFields) {
    const value = renamed[field];
    if (value === undefined) continue;
    renamed[field] = Array.isArray(value) ? value.map(renameEpochMetric) : renameEpochMetric(value);
  }
  return renamed;
}
