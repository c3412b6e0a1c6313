import type { Run } from '../../records.ts';
import { showImage, showMap } from '../maps/gather.ts';
import { findRun, labelRun, requireOneDataset, resolveEpoch } from '../runs.ts';
import type { FigureSource } from '../source.ts';
import type { CamEvolutionData } from './figure.ts';
import type { CamEvolutionSpec } from './spec.ts';

export async function gather(
  spec: CamEvolutionSpec,
  source: FigureSource,
): Promise<CamEvolutionData> {
  const runs = spec.rows.map(({ run }) => findRun(source, run));
  requireOneDataset(runs, source);
  const epochs = listEpochs(spec, runs);
  const rows = spec.rows.map(async ({ example: exampleId }, i) => {
    const run = runs[i];
    if (run === undefined) throw new RangeError('a row without a run');
    const image = await showImage(source, run, exampleId);
    const example = source.getFrames(run.id, exampleId, 'all', spec.target);
    const maps = epochs.map((epoch) => {
      const frame = example.frames.find((one) => one.epoch === epoch);
      return frame === undefined ? null : showMap(source, run, example, frame);
    });
    return { run: labelRun(run), image, maps };
  });
  return { epochs, rows: await Promise.all(rows) };
}

/** The wanted epochs, ascending; one that no run has is NOT_FOUND. */
function listEpochs(spec: CamEvolutionSpec, runs: readonly Run[]): number[] {
  const [longest] = runs.toSorted((a, b) => b.epochs.length - a.epochs.length);
  if (longest === undefined) return [];
  const last = resolveEpoch(longest, 'last');
  if (spec.epochs === 'all') return Array.from({ length: last + 1 }, (_, epoch) => epoch);
  return [...new Set(spec.epochs)]
    .sort((a, b) => a - b)
    .map((epoch) => resolveEpoch(longest, epoch));
}
