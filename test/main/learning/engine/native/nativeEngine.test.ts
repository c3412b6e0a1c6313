import { beforeAll, describe } from 'vitest';
import type { Engine } from '../../../../../src/main/learning/engine/engine.ts';
import { openNativeEngines } from '../../../../../src/main/learning/engine/native/nativeEngine.ts';
import { describeExplainers } from '../../../../support/explainersSuite.ts';
import { describeGoldenValues } from '../../../../support/goldenSuite.ts';
import { installedEngineFolder } from '../../../../support/installedEngine.ts';
import { describeNetworks } from '../../../../support/networksSuite.ts';
import { describeOps } from '../../../../support/opsSuite.ts';
import { describePrograms } from '../../../../support/programSuite.ts';
import { describeSteps } from '../../../../support/stepsSuite.ts';
import { describeTerms } from '../../../../support/termsSuite.ts';
import { describeTies } from '../../../../support/tiesSuite.ts';
import { describeTraining } from '../../../../support/trainerSuite.ts';

describe.skipIf(installedEngineFolder === null)('native engine, where one is installed', () => {
  let engine: Engine;

  beforeAll(async () => {
    engine = (await openNativeEngines(installedEngineFolder ?? '', 1)).graph;
  });

  describeGoldenValues(() => engine);
  describeExplainers(() => engine);
  describeTies(() => engine);
  describeSteps(() => engine);
  describeNetworks(() => engine);
  describeTerms(() => engine);
  describeOps(() => engine.ops);
  describePrograms(() => engine);
  describeTraining(() => engine, false);
});
