import { showImage, showOneMap } from '../maps/gather.ts';
import { findRun, labelRun, requireOneDataset, requireTwoRuns, resolveEpoch } from '../runs.ts';
import type { FigureSource } from '../source.ts';
import type { ParadigmGridData } from './figure.ts';
import type { ParadigmGridSpec } from './spec.ts';

export async function gather(
  spec: ParadigmGridSpec,
  source: FigureSource,
): Promise<ParadigmGridData> {
  const [first, second] = requireTwoRuns(spec.runs.map((name) => findRun(source, name)));
  requireOneDataset([first, second], source);
  const [firstEpoch, secondEpoch] = [
    resolveEpoch(first, spec.epoch),
    resolveEpoch(second, spec.epoch),
  ];
  const rows = spec.examples.map(async (exampleId) => ({
    image: await showImage(source, first, exampleId),
    first: showOneMap(source, first, exampleId, firstEpoch, spec.target),
    second: showOneMap(source, second, exampleId, secondEpoch, spec.target),
  }));
  return {
    first: labelRun(first),
    second: labelRun(second),
    rows: await Promise.all(rows),
    note: spec.note,
  };
}
