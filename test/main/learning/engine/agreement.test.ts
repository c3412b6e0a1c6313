import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../../src/main/learning/engine/engine.ts';
import { openEngine } from '../../../../src/main/learning/openEngine.ts';
import type { EpochMetrics } from '../../../../src/core/records.ts';
import { installedEngineFolder } from '../../../support/installedEngine.ts';
import { makeTinyJob, trainTiny } from '../../../support/tinyRun.ts';
import { resultsOf } from '../../../support/trainerSuite.ts';
import { readMetric } from '../../../../src/core/metrics/epochMetrics.ts';

/** The metrics after one step on the whole training set. */
async function trainOneStep(engine: Engine, paradigm: 'C' | 'R'): Promise<EpochMetrics> {
  const job = makeTinyJob({ paradigm, batchSize: 24, epochs: 1, optimizer: 'sgd' });
  const metrics = resultsOf(await trainTiny(engine, job)).at(-1)?.metrics;
  if (metrics === undefined) throw new Error('no epoch was trained');
  return metrics;
}

describe.skipIf(installedEngineFolder === null)('both engines from one seed', () => {
  it('agree on the first step and on what it leads to', async () => {
    const measured: Record<string, EpochMetrics[]> = {};
    // tfjs has one current backend, so one engine works after the other.
    for (const engine of ['wasm', 'native'] as const) {
      const opened = await openEngine({ engine, engineFolder: installedEngineFolder, threads: 1 });
      measured[engine] = [await trainOneStep(opened, 'C'), await trainOneStep(opened, 'R')];
    }
    measured['wasm']?.forEach((expected, i) => {
      const found = measured['native']?.[i];
      for (const key of ['trainLoss', 'trainCrossEntropy', 'trainContrastive'] as const) {
        const due = readMetric(expected, key) ?? 0;
        const difference = Math.abs(((found && readMetric(found, key)) ?? 0) - due);
        expect(difference).toBeLessThanOrEqual(1e-5 * Math.abs(due));
      }
      const after = Math.abs((found?.validationLoss ?? 0) - expected.validationLoss);
      expect(after).toBeLessThan(1e-4 * expected.validationLoss);
    });
  });
});
