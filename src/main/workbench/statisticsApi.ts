import { calibrate } from '../../core/metrics/calibration.ts';
import { writeComparisonTable } from '../export/comparisonTable.ts';
import { breathe, streamTask } from '../platform/longTask.ts';
import type { WorkbenchApi } from '../router.ts';
import { compareRuns } from './compareRuns.ts';
import { measureEpochs, type MeasureParts } from './measures.ts';
import { writeMetricTable } from './metricTable.ts';

export const buildStatisticsApi = (parts: MeasureParts): WorkbenchApi['statistics'] => ({
  compare: (query, options) =>
    streamTask(
      (onProgress, signal) => compareRuns(parts, query, { onProgress, signal }),
      options.signal,
    ),
  measures: ({ runs, metrics }, options) =>
    streamTask(
      (onProgress, signal) => measureEpochs(parts, runs, { metrics, onProgress, signal }),
      options.signal,
    ),
  calibration: async ({ runs, bins }, { signal }) => {
    const found = [];
    for (const { runId, epoch } of runs) {
      await breathe();
      signal?.throwIfAborted();
      found.push(calibrate(parts.history.examples.getEpoch(runId, epoch), bins));
    }
    return found;
  },
  comparisonTable: ({ comparison, format }) =>
    Promise.resolve(writeComparisonTable(comparison, format)),
  metricTable: (query, options) =>
    streamTask(
      (onProgress, signal) => writeMetricTable(parts, query, { onProgress, signal }),
      options.signal,
    ),
});
