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

    it.each([
      { objective: 'contrastive' },
      { model: 'resnet', depth: '8' },
      { model: 'convnext', size: 'mini' },
      { model: 'swin', window: 3 },
      { objective: 'triplet,variational,l1,l2,energy,prototype,batchCam,rightReasons,supcon' },
    ])('train %o, the same bits in one call as in many', async (changes) => {
      const job = makeTinyJob({ epochs: 1, ...changes });
      const one = await trainTiny({ ...engines.compiled, fullCalls: false }, job);
      const many = await trainTiny(engines.compiled, job);
      const weightsOf = (events: TrainerEvent[]) =>
        resultsOf(events).map(({ weights, metrics }) => [weights, metrics.trainLoss]);
      const [untrained, trained] = weightsOf(one);
      expect(trained?.[0]).not.toEqual(untrained?.[0]);
      expect(weightsOf(many)).toEqual([untrained, trained]);
      const [, graph] = resultsOf(await trainTiny(engines.graph, job));
      expect(Math.abs(Number(trained?.[1]) / (graph?.metrics.trainLoss ?? 0) - 1)).toBeLessThan(
        1e-3,
      );
    });
  },
);
