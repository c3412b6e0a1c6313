import { findRuns, versionsOf } from '../charts/gather.ts';
import { decideAll } from '../columns.ts';
import { labelRun, resolveEpoch } from '../runs.ts';
import { computeCalibration } from '../../metrics/calibration.ts';
import type { FigureSource } from '../source.ts';
import type { ReliabilityData } from './figure.ts';
import type { ReliabilityDiagramSpec } from './spec.ts';

export function gather(spec: ReliabilityDiagramSpec, source: FigureSource): ReliabilityData {
  const runs = findRuns(source, spec.runs);
  const panels = runs.map((run) => {
    const epoch = resolveEpoch(run, spec.epoch);
    const { confidence, correct } = decideAll(source.getPredictions(run.id, epoch));
    const calibration = computeCalibration(confidence, correct, spec.bins);
    return { run: labelRun(run), epoch, images: confidence.length, calibration };
  });
  return { panels, versions: versionsOf(runs, panels) };
}
