import { findRuns, versionsOf } from '../charts/gather.ts';
import { decideAll } from '../columns.ts';
import { labelRun, resolveEpoch } from '../runs.ts';
import { countBins } from '../statistics.ts';
import type { FigureSource } from '../source.ts';
import type { ConfidenceHistogramData } from './figure.ts';
import type { ConfidenceHistogramSpec } from './spec.ts';

export function gather(
  spec: ConfidenceHistogramSpec,
  source: FigureSource,
): ConfidenceHistogramData {
  const runs = findRuns(source, spec.runs);
  const series = runs.map((run) => {
    const epoch = resolveEpoch(run, spec.epoch);
    const { confidence } = decideAll(source.getPredictions(run.id, epoch));
    return {
      run: labelRun(run),
      epoch,
      images: confidence.length,
      unsure: confidence.filter((value) => value < spec.threshold).length,
      counts: countBins(confidence, [0, 1], spec.bins),
    };
  });
  const { threshold, countScale } = spec;
  return { threshold, countScale, series, versions: versionsOf(runs, series) };
}
