import { derivedMetricNames } from '../../core/metrics/exampleMetrics.ts';
import { measureStoredMaps } from '../../core/metrics/mapMeasures.ts';
import { type LongTaskOptions, compute } from '../platform/longTask.ts';
import type { History } from '../store/history.ts';
import type { DerivedColumns } from '../store/examples/exampleSelection.ts';
import type { StoredEpoch } from '../store/examples/examples.ts';
import { selectImages } from './datasetsApi.ts';
import type { RunDatasets } from './runDatasets.ts';

/** Epochs whose metrics stay in memory; 10,000 images take 160 kB. */
const keptEpochs = 64;

/** Metrics that are not stored, computed from an epoch's maps when asked for; a few epochs are kept. */
export class DerivedMetrics {
  readonly #history: History;
  readonly #datasets: RunDatasets;
  readonly #kept = new Map<string, DerivedColumns>();

  constructor(history: History, datasets: RunDatasets) {
    this.#history = history;
    this.#datasets = datasets;
  }

  /** In the order of the epoch's exampleIds. `stored` is what the history holds of the run's epoch. */
  async compute(
    runId: string,
    stored: StoredEpoch,
    options: LongTaskOptions = {},
  ): Promise<DerivedColumns> {
    // A run that is imported again after it was purged has the same id and the same maps.
    const key = `${runId} ${stored.epoch}`;
    const columns = this.#kept.get(key) ?? (await this.#compute(runId, stored, options));
    this.#kept.delete(key);
    this.#kept.set(key, columns);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptEpochs && oldest !== undefined) this.#kept.delete(oldest);
    return columns;
  }

  async #compute(
    runId: string,
    stored: StoredEpoch,
    options: LongTaskOptions,
  ): Promise<DerivedColumns> {
    const { name, config } = this.#history.runs.getSummary(runId);
    const content = await this.#datasets.load(runId);
    const { mapSize, camLevels, camScales, exampleIds } = stored;
    const { images, masks } = selectImages(content, 'test', [...exampleIds]);
    const { imageSize, channels } = content;
    const work = measureStoredMaps(derivedMetricNames, {
      mapSize,
      imageSize,
      channels,
      levels: camLevels,
      scales: camScales,
      ...{ images, masks },
      rule: config.cam,
    });
    const step = `Maps of ${name}, epoch ${stored.epoch}`;
    return compute(work, { step, total: exampleIds.length }, options);
  }
}
