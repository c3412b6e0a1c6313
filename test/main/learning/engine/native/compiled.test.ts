import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainerEvent } from '../../../../../src/shared/trainerEvents.ts';
import type { NativeEngines } from '../../../../../src/main/learning/engine/native/nativeEngine.ts';
import { openNativeEngines } from '../../../../../src/main/learning/engine/native/nativeEngine.ts';
import {
  compareSteps,
  computeTestStep,
} from '../../../../../src/main/learning/engineCheck/testStep.ts';
import { installedEngineFolder } from '../../../../support/installedEngine.ts';
import { describeOps } from '../../../../support/opsSuite.ts';
import { describePrograms } from '../../../../support/programSuite.ts';
import { makeTinyJob, trainTiny } from '../../../../support/tinyRun.ts';
import { resultsOf } from '../../../../support/trainerSuite.ts';

/** XLA compiles for a CPU too, as it does for a GPU but slowly: a second or more for each function. */
describe.skipIf(installedEngineFolder === null)(
  'compiled steps, where an engine is installed',
  () => {
    let engines: NativeEngines;

    beforeAll(async () => {
      engines = await openNativeEngines(installedEngineFolder ?? '', 1);
    });

    describeOps(() => engines.compiled.ops);
    describePrograms(() => engines.compiled);

    it('differ from the graph’s by the noise of float32', () => {
      const difference = compareSteps(
        computeTestStep(engines.graph),
        computeTestStep(engines.compiled),
      );
      expect(difference).toBeGreaterThan(0);
      expect(difference).toBeLessThan(2e-5);
    });

    const lossOf = (events: TrainerEvent[]): number =>
      resultsOf(events)[1]?.metrics.trainLoss ?? Number.NaN;
    const weightsOf = (events: TrainerEvent[]): Uint8Array[] =>
      resultsOf(events).map(({ weights }) => weights);

    // ConvNeXt has no running statistics: a vector of its state is empty.
    it.each([
      { model: 'convnext', size: 'mini' },
      { objective: 'triplet,variational,l1,l2,energy,prototype,batchCam,rightReasons,supcon' },
    ])('train %o as the graph does', async (changes) => {
      const job = makeTinyJob({ epochs: 1, ...changes });
      const trained = await trainTiny(engines.compiled, job);
      const [before, after] = weightsOf(trained);
      expect(after).not.toEqual(before);
      const graph = await trainTiny(engines.graph, job);
      expect(Math.abs(lossOf(trained) / lossOf(graph) - 1)).toBeLessThan(1e-3);
    });

    it('give the same bits in one call as in many', async () => {
      const job = makeTinyJob({ epochs: 1 });
      const many = await trainTiny({ ...engines.compiled, fullCalls: false }, job);
      expect(weightsOf(many)).toHaveLength(2);
      expect(weightsOf(await trainTiny(engines.compiled, job))).toEqual(weightsOf(many));
    });
  },
);
