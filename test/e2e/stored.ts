/** What a page must show, read from the history on disk and not from the page's own calls. */
import { dequantizeCamMap, reconstructCam } from '../../src/core/maps/cam.ts';
import type { Example, ExampleFilter, RunStatus } from '../../src/core/records.ts';
import { colorTable } from '../../src/renderer/maps/colorMaps.ts';
import { withHistory } from '../support/storedRun.ts';

const imageSize = 28;

/**
 * The packed colours of a run's map of the predicted class under viridis, [28, 28] row by row, for
 * every stored epoch.
 */
export function readMapColors(dataDir: string, runId: string, exampleId: number): number[][] {
  const history = withHistory(dataDir, ({ examples }) => examples.getHistory(runId, exampleId));
  const { mapSize, predictedLevels, predictedScales } = history;
  const table = colorTable('viridis');
  return Array.from(predictedScales, (scale, i) => {
    const levels = predictedLevels.subarray(i * mapSize ** 2, (i + 1) * mapSize ** 2);
    const cam = reconstructCam(dequantizeCamMap(levels, scale), mapSize, imageSize);
    return Array.from(cam, (value) => table[Math.round(value * (table.length - 1))] ?? 0);
  });
}

/** Examples of a run's best epoch that pass the filters. */
export const listExamples = (
  dataDir: string,
  runId: string,
  filters: ExampleFilter[],
  threshold: number,
): Example[] =>
  withHistory(dataDir, ({ examples }) =>
    examples.list({
      runId,
      epoch: null,
      filters,
      threshold,
      label: null,
      predictedClass: null,
      sort: 'confidence',
      descending: false,
      limit: null,
    }),
  );

/** Every run outside the bin, by name. */
export const readStatuses = (dataDir: string): Record<string, RunStatus> =>
  withHistory(dataDir, ({ runs }) =>
    Object.fromEntries(runs.listSummaries().map(({ name, status }) => [name, status])),
  );
