import { dequantizeCamMap } from '../../core/maps/cam.ts';
import type { ExampleFrames, FigureSource } from '../../core/figures/source.ts';
import type { History } from '../store/history.ts';
import { listFrames, type ExampleHistory } from '../store/examples/exampleHistory.ts';
import { selectImages, type DatasetCache } from './datasetsApi.ts';
import { RunDatasets } from './runDatasets.ts';

const orNull = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

function readFrames(stored: ExampleHistory, target: 'predicted' | 'label'): ExampleFrames {
  const frames = listFrames(stored, target).map(({ levels, scale, ...frame }, i) => ({
    ...frame,
    inputCorrelation: orNull(stored.measures.inputCorrelation[i]),
    camMap: dequantizeCamMap(levels, scale),
  }));
  return { label: stored.label, frames };
}

/** The history and the data sets as figures read them. */
export function createFigureSource(history: History, cache: DatasetCache): FigureSource {
  const datasets = new RunDatasets(history, cache);
  return {
    resolveRun: (idOrName) => history.runs.resolve(idOrName),
    getRun: (runId) => history.runs.get(runId),
    getDataset: (runId) => datasets.recordOf(runId),
    getPredictions: (runId, epoch) => history.examples.getEpoch(runId, epoch),
    getFrames: (runId, exampleId, epoch, target) =>
      readFrames(history.examples.getHistory(runId, exampleId, epoch), target),
    getAudits: (runId, epoch) => history.audits.getEpoch(runId, epoch),
    listExamples: (query) => history.examples.list(query),
    loadImage: async (runId, exampleId) => {
      const content = await datasets.load(runId);
      return selectImages(content, 'test', [exampleId]).images;
    },
  };
}
