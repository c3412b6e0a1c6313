import { writeComparisonTable } from '../export/comparisonTable.ts';
import { streamTask } from '../platform/longTask.ts';
import type { WorkbenchApi } from '../router.ts';
import { compareRuns } from './compareRuns.ts';
import type { MeasureParts } from './measures.ts';
import { writeMetricTable } from './metricTable.ts';

export const buildStatisticsApi = (parts: MeasureParts): WorkbenchApi['statistics'] => ({
  compare: (query, options) =>
    streamTask(
      (onProgress, signal) => compareRuns(parts, query, { onProgress, signal }),
      options.signal,
    ),
  comparisonTable: async ({ comparison, format }) => writeComparisonTable(comparison, format),
  metricTable: (query, options) =>
    streamTask(
      (onProgress, signal) => writeMetricTable(parts, query, { onProgress, signal }),
      options.signal,
    ),
});
