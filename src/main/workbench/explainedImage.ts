import type { ExplainedImage } from '../../core/explainers/explainedImage.ts';
import type { DatasetContent } from '../../core/formats/datasetFile.ts';
import { imageAt } from '../../core/pixels.ts';
import type { History } from '../store/history.ts';
import type { RunDatasets } from './runDatasets.ts';

/** What a run's network is, with the run's data set; NOT_FOUND where the set's images are not here. */
export async function gatherNetwork(
  history: History,
  datasets: RunDatasets,
  runId: string,
): Promise<{ network: Omit<ExplainedImage, 'image'>; content: DatasetContent }> {
  const { config } = history.runs.get(runId);
  const content = await datasets.load(runId);
  const { imageSize, channels, classNames, mean, standardDeviation } = content;
  const network = {
    ...{ model: config.model, targetLayer: config.cam.targetLayer },
    ...{ imageSize, channels, classes: classNames.length, mean, standardDeviation },
  };
  return { network, content };
}

/** The same with one of its test images. */
export async function gatherImage(
  history: History,
  datasets: RunDatasets,
  { runId, exampleId }: { runId: string; exampleId: number },
): Promise<{ explained: ExplainedImage; content: DatasetContent }> {
  const { network, content } = await gatherNetwork(history, datasets, runId);
  const image = imageAt(content.test.images, exampleId, content).slice();
  return { explained: { ...network, image }, content };
}
