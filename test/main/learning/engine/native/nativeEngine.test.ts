import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../../../src/main/learning/engine/engine.ts';
import { openNativeEngines } from '../../../../../src/main/learning/engine/native/nativeEngine.ts';
import { describeExplainers } from '../../../../support/explainersSuite.ts';
import { contentOf, openExtending } from '../../../../support/extending.ts';
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

  it('trains a completed run further as if it had been asked for all epochs at once', async () => {
    const { dataDir, train, extend } = await openExtending(engine);
    const whole = await train('whole', { epochs: 4 }, { paradigm: 'R' });
    const short = { epochs: 2 };
    const kept = await train('kept', short, { paradigm: 'R', keepCheckpoints: true });
    await extend(kept, 4);
    const content = contentOf(dataDir, kept);
    expect(content).toEqual(contentOf(dataDir, whole));
    expect(content.engine?.name).toBe('native');
    expect(content.numbers.epochs).toHaveLength(5);
  });
});
