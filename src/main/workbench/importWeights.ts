import { basename } from 'node:path';
import {
  adoptWeights,
  layoutOwners,
  type AdoptedWeights,
} from '../../core/formats/foreignWeights.ts';
import { decodeSafetensors, encodeSafetensors } from '../../core/formats/safetensors.ts';
import { describeModel } from '../../core/models/network.ts';
import type { DatasetRecord, EngineInfo } from '../../core/records.ts';
import type { ImportedWeights, NewRun } from '../../shared/contract.ts';
import type { EpochResult, Split } from '../../shared/trainerEvents.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import { computeSplit } from '../datasets/split.ts';
import { loadSourceFile } from '../platform/files.ts';
import { computeSha256 } from '../platform/hashes.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { runInThread } from '../platform/threads.ts';
import type { History } from '../store/history.ts';

const thread = new URL('../learning/importedWeightsThread.ts', import.meta.url);

/** Bytes of a file of weights at most; of the models here the largest takes 50 MB. */
const mostBytes = 2 ** 30;

export interface WeightsToImport {
  path: string;
  /** What the note and errors about its contents call the file, where that is not its path. */
  called?: string;
  /** The run that they become; its data set is one of the library, by name. */
  run: NewRun;
  /** See `adoptWeights`. */
  names: Readonly<Record<string, string>>;
  epsilon: number | null;
}

/** What the thread gives, see `importedWeights.ts`. */
interface Evaluated {
  engine: EngineInfo;
  epochs: Omit<EpochResult, 'checkpoint'>[];
}

const describeOrigin = (file: string, checksum: string, { layout, epsilon }: AdoptedWeights) =>
  `Weights of ${file} (SHA-256 ${checksum}), imported as epoch 1: ${layoutOwners[layout]} layout, batch norms with epsilon ${epsilon}. Epoch 0 is the untrained network of the seed. Nothing was trained here.`;

/** Stores a run that is complete, all of it or nothing. @returns its id */
function store(
  history: History,
  run: NewRun,
  data: { record: DatasetRecord; split: Split; note: string },
  { engine, epochs }: Evaluated,
): string {
  return history.transaction(() => {
    const { id } = history.runs.insert(run, engine.name);
    history.splits.assign(id, data.record.id, data.split);
    const { platform, arch, version } = process;
    history.runs.setStarted(id, engine, { platform, arch, node: version });
    for (const epoch of epochs) {
      history.insertEpoch(id, { ...epoch, checkpoint: new Uint8Array(0) });
    }
    history.checkpoints.remove(id);
    history.runs.setNote(id, data.note);
    history.runs.setStatus(id, 'completed');
    return id;
  });
}

/**
 * Makes a run of weights that another program saved, evaluated on the test images as every epoch is.
 * INVALID_ARGUMENT where they do not fit the run's model and data set.
 *
 * @returns the run's id, and what was made of the weights
 */
export async function importWeights(
  { path, called = path, run, names, epsilon }: WeightsToImport,
  { history, library }: { history: History; library: DatasetLibrary },
  options: LongTaskOptions = {},
): Promise<ImportedWeights> {
  history.requireWritable();
  const { config, seed } = run;
  const file = await loadSourceFile(path, mostBytes);
  const others = new Map<string, string>();
  const { tensors } = decodeSafetensors(file, called, { others });
  const { record, path: datasetPath } = await library.resolve(config.data.dataset, options);
  const network = describeModel(config.model, record, record.classNames.length);
  const adopted = adoptWeights({ name: called, tensors, others }, network, { names, epsilon });
  const { train, test } = await library.load(record);
  const split = computeSplit(train.labels, test.labels, config.data);
  const weights = encodeSafetensors({ tensors: adopted.tensors, metadata: {} });
  const request = { config, seed, datasetPath, split, weights };
  const evaluated = await runInThread<Evaluated>(thread, request, options);
  const note = describeOrigin(basename(called), computeSha256(file), adopted);
  const runId = store(history, run, { record, split, note }, evaluated);
  return { runId, layout: adopted.layout, epsilon: adopted.epsilon };
}
