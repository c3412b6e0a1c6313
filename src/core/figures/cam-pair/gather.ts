import { showImage, showOneMap } from '../maps/gather.ts';
import { findRun, labelRun, resolveEpoch } from '../runs.ts';
import type { FigureSource } from '../source.ts';
import type { CamPairData } from './figure.ts';
import type { CamPairSpec } from './spec.ts';

export async function gather(spec: CamPairSpec, source: FigureSource): Promise<CamPairData> {
  const run = findRun(source, spec.run);
  const epoch = resolveEpoch(run, spec.epoch);
  const image = await showImage(source, run, spec.example);
  const map = showOneMap(source, run, spec.example, epoch, spec.target);
  return { run: labelRun(run), image, map, note: spec.note };
}
