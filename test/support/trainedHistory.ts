import { join } from 'node:path';
import { encodeDataset, type DatasetContent } from '../../src/core/formats/datasetFile.ts';
import type { DatasetRecord } from '../../src/core/records.ts';
import { DatasetLibrary } from '../../src/main/datasets/library.ts';
import type { Engine } from '../../src/main/learning/engine/engine.ts';
import { computeSha256 } from '../../src/main/platform/hashes.ts';
import type { History } from '../../src/main/store/history.ts';
import type { Changes } from './settings.ts';
import { makeTinyDataset, makeTinyJob, trainTiny } from './tinyRun.ts';

/** Puts a data set into the library of a data folder. */
export async function keepDataset(
  history: History,
  dataDir: string,
  name: string,
  content: DatasetContent,
): Promise<DatasetRecord> {
  const { imageSize, channels, classNames, mean, standardDeviation } = content;
  const file = encodeDataset(content);
  const countOf = (labels: Uint8Array): number[] =>
    classNames.map((_, k) => labels.filter((label) => label === k).length);
  const record: DatasetRecord = {
    ...{ name, id: computeSha256(file), imageSize, channels, classNames: [...classNames] },
    trainCounts: countOf(content.train.labels),
    testCounts: countOf(content.test.labels),
    mean: mean,
    standardDeviation: standardDeviation,
    source: `made for ${name}`,
    sourceChecksums: {},
    importedAt: '2026-01-02T03:04:05.678Z',
  };
  await new DatasetLibrary(join(dataDir, 'datasets'), history.datasets).adopt(record, file);
  return record;
}

export interface TrainedRun {
  name: string;
  changes?: Changes;
  record: DatasetRecord;
  dataset: DatasetContent;
}

/** Trains a tiny run on an engine and stores all of it, as the recorder would; its id. */
export async function storeTrainedRun(
  history: History,
  engine: Engine,
  { name, changes = {}, record, dataset }: TrainedRun,
): Promise<string> {
  const job = makeTinyJob({ dataset: record.name, ...changes });
  const { config, seed, split } = job;
  const { id } = history.runs.insert({ name, experiment: 'tiny', config, seed });
  history.splits.assign(id, record.id, split);
  history.runs.setStarted(id, engine.info, {});
  for (const event of await trainTiny(engine, { ...job, runId: id }, { dataset })) {
    if (event.type === 'epoch') history.insertEpoch(id, event.result);
  }
  history.runs.setStatus(id, 'completed');
  return id;
}

/** The same images in three colours, each a shade of its own. */
export function colour(content: DatasetContent): DatasetContent {
  const tint = ({ images, labels }: DatasetContent['train']) => ({
    images: Uint8Array.from({ length: images.length * 3 }, (_, i) =>
      Math.round(((images[Math.floor(i / 3)] ?? 0) * (3 - (i % 3))) / 3),
    ),
    labels,
  });
  return {
    ...content,
    channels: 3,
    mean: [0.4, 0.3, 0.1],
    standardDeviation: [0.3, 0.25, 0.1],
    train: tint(content.train),
    test: tint(content.test),
  };
}

/** A network of each kind, on grey or coloured images; together they have every kind of layer. */
export const networks = [
  { name: 'paper', data: 'grey', changes: {} },
  { name: 'unpooled', data: 'coloured', changes: { pooling: 1 } },
  { name: 'residual', data: 'grey', changes: { model: 'resnet', depth: '8' } },
  { name: 'conv', data: 'coloured', changes: { model: 'convnext', halvings: 2, patch: '1' } },
  { name: 'windows', data: 'grey', changes: { model: 'swin', window: 3 } },
] as const;

const grey = makeTinyDataset();
/** What they were trained on. */
export const contents = { grey, coloured: colour(grey) };

/** Trains each for an epoch; ids by name. */
export async function storeNetworks(
  history: History,
  engine: Engine,
  dataDir: string,
): Promise<Record<string, string>> {
  const records = {
    grey: await keepDataset(history, dataDir, 'grey', contents.grey),
    coloured: await keepDataset(history, dataDir, 'coloured', contents.coloured),
  };
  const ids: Record<string, string> = {};
  for (const { name, data, changes } of networks) {
    const given = { name, record: records[data], dataset: contents[data] };
    ids[name] = await storeTrainedRun(history, engine, {
      ...given,
      changes: { ...changes, epochs: 1 },
    });
  }
  return ids;
}
