import type { ExplainedImage } from '../../core/explainers/explainedImage.ts';
import type { DatasetContent } from '../../core/formats/datasetFile.ts';
import { imageAt } from '../../core/pixels.ts';
import type { History } from '../store/history.ts';
import type { RunDatasets } from './runDatasets.ts';

/** Test image of a run, with the run's data set; NOT_FOUND where the set's images are not here. */
export async function gatherImage(
  history: History,
  datasets: RunDatasets,
  { runId, exampleId }: { runId: string; exampleId: number },
): Promise<{ explained: ExplainedImage; content: DatasetContent }> {
  const { config } = history.runs.get(runId);
  const content = await datasets.load(runId);
  const { imageSize, channels, classNames, mean, standardDeviation, test } = content;
  const explained = {
    ...{ model: config.model, targetLayer: config.cam.targetLayer },
    ...{ imageSize, channels, classes: classNames.length, mean, standardDeviation },
    image: imageAt(test.images, exampleId, content).slice(),
  };
  return { explained, content };
}
