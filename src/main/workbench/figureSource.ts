import { dequantizeCamMap } from '../../core/maps/cam.ts';
import type { ExampleFrames, FigureSource } from '../../core/figures/source.ts';
import type { History } from '../store/history.ts';
import { listFrames, type ExampleHistory } from '../store/examples/exampleHistory.ts';
import { selectImages, type DatasetCache } from './datasetsApi.ts';
import type { Concepts } from './concepts.ts';
import type { Explanations } from './explanations.ts';
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
/** What explains, and what of it figures ask. */
export interface FigureExplaining {
  explanations: Pick<Explanations, 'explain'>;
  concepts: Pick<Concepts, 'weigh'>;
}

export function createFigureSource(
  history: History,
  cache: DatasetCache,
  { explanations, concepts }: FigureExplaining,
): FigureSource {
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
    explain: (runId, exampleId, query) => explanations.explain({ runId, exampleId, ...query }, {}),
    weighChannels: (runId, query) => concepts.weigh({ runId, ...query }, {}),
    loadImage: async (runId, exampleId) => {
      const content = await datasets.load(runId);
      return selectImages(content, 'test', [exampleId]).images;
    },
  };
}
