import { AfterimageError } from '../../core/errors.ts';
import type { DatasetContent } from '../../core/formats/datasetFile.ts';
import type { DatasetRecord } from '../../core/records.ts';
import { describeProspect } from '../../core/unbegunRun.ts';
import type { StoredDataset } from '../datasets/library.ts';
import type { History } from '../store/history.ts';
import type { DatasetCache } from './datasetsApi.ts';

/**
 * The data of a run: the set that it was trained and tested on, known by its content. The name in a
 * run's configuration may be that of another set by now, and counts only until the run has begun.
 */
export class RunDatasets {
  readonly #history: History;
  readonly #cache: DatasetCache;

  constructor(history: History, cache: DatasetCache) {
    this.#history = history;
    this.#cache = cache;
  }

  /** What is known of it, be its images here or not; NOT_FOUND before the run has begun. */
  recordOf(runId: string): DatasetRecord {
    const record = this.#history.splits.getDataset(runId);
    if (record !== null) return record;
    const run = this.#history.runs.getSummary(runId);
    throw new AfterimageError(
      'NOT_FOUND',
      `Run ${run.name} has not started: it has no data set yet.`,
      describeProspect(run),
    );
  }

  /** Its file; as `DatasetLibrary.find`, NOT_FOUND says how to bring back images that are not here. */
  locate(runId: string): Promise<StoredDataset> {
    return this.#cache.library.find(this.recordOf(runId).id);
  }

  /** Its images; errors as of `locate`. */
  load(runId: string): Promise<DatasetContent> {
    return this.#cache.load(this.recordOf(runId).id);
  }

  /** Throws, as `locate`, where a run cannot go on for want of the images that it began on. */
  async checkImages(runId: string): Promise<void> {
    if (this.#history.splits.getDataset(runId) !== null) await this.locate(runId);
  }
}
