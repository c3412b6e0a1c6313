import { dequantizeCamMap } from '../../core/maps/cam.ts';
import { AfterimageError } from '../../core/errors.ts';
import type { ExampleFrames, FigureSource } from '../../core/figures/source.ts';
import type { History } from '../store/history.ts';
import { listFrames, type ExampleHistory } from '../store/examples/exampleHistory.ts';
import { selectImages, type DatasetCache } from './datasetsApi.ts';

const orNull = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

function readFrames(stored: ExampleHistory, target: 'predicted' | 'label'): ExampleFrames {
  const frames = listFrames(stored, target).map(({ levels, scale, ...frame }, i) => ({
    ...frame,
    inputCorrelation: orNull(stored.inputCorrelation[i]),
    camMap: dequantizeCamMap(levels, scale),
  }));
  return { label: stored.label, frames };
}

/** The history and the data sets as figures read them. */
export function createFigureSource(history: History, cache: DatasetCache): FigureSource {
  const getDataset: FigureSource['getDataset'] = (runId) => {
    const data = history.splits.get(runId);
    if (data !== null) return data.dataset;
    throw new AfterimageError(
      'NOT_FOUND',
      `Run ${history.runs.getSummary(runId).name} has not started: it has no data set yet.`,
      'Wait for its first epoch.',
    );
  };
  return {
    resolveRun: (idOrName) => history.runs.resolve(idOrName),
    getRun: (runId) => history.runs.get(runId),
    getDataset,
    getPredictions: (runId, epoch) => history.examples.getEpoch(runId, epoch),
    getFrames: (runId, exampleId, epoch, target) =>
      readFrames(history.examples.getHistory(runId, exampleId, epoch), target),
    listExamples: (query) => history.examples.list(query),
    loadImage: async (runId, exampleId) => {
      const content = await cache.load(getDataset(runId).id);
      return selectImages(content, 'test', [exampleId]).images;
    },
  };
}
