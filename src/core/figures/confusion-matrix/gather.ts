import { decideAll } from '../columns.ts';
import { findRun, labelRun, resolveEpoch } from '../runs.ts';
import type { FigureSource } from '../source.ts';
import type { ConfusionMatrixData } from './figure.ts';
import type { ConfusionMatrixSpec } from './spec.ts';

export function gather(spec: ConfusionMatrixSpec, source: FigureSource): ConfusionMatrixData {
  const run = findRun(source, spec.run);
  const epoch = resolveEpoch(run, spec.epoch);
  const columns = source.getPredictions(run.id, epoch);
  const { classNames } = source.getDataset(run.id);
  const counts = classNames.map(() => new Array<number>(classNames.length).fill(0));
  const { predictedClasses } = decideAll(columns);
  columns.labels.forEach((label, i) => {
    const [row, predicted] = [counts[label], predictedClasses[i] ?? 0];
    if (row) row[predicted] = (row[predicted] ?? 0) + 1;
  });
  return { run: labelRun(run), epoch, classNames, counts, values: spec.values };
}
