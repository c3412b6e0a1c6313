import { chooseExplainers } from '../../explainers/options.ts';
import { showImage } from '../maps/gather.ts';
import { findRun, labelRun, resolveEpoch } from '../runs.ts';
import type { FigureSource } from '../source.ts';
import type { ExplainerGridData } from './figure.ts';
import type { ExplainerGridSpec } from './spec.ts';

export async function gather(
  spec: ExplainerGridSpec,
  source: FigureSource,
): Promise<ExplainerGridData> {
  const run = findRun(source, spec.run);
  const { seed, target, note } = spec;
  const methods = chooseExplainers([...new Set(spec.methods)], spec.options);
  const query = { epoch: resolveEpoch(run, spec.epoch), target, methods, seed };
  const rows: ExplainerGridData['rows'] = [];
  // One after the other: each of them fills the thread that explains.
  for (const exampleId of spec.examples) {
    const image = await showImage(source, run, exampleId);
    rows.push({ image, explained: await source.explain(run.id, exampleId, query) });
  }
  return { run: labelRun(run), epoch: query.epoch, methods, rows, target, seed, note };
}
