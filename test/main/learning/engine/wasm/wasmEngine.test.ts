import { beforeAll } from 'vitest';
import type { Engine } from '../../../../../src/main/learning/engine/engine.ts';
import { openWasmEngine } from '../../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { describeGoldenValues } from '../../../../support/goldenSuite.ts';
import { describeNetworks } from '../../../../support/networksSuite.ts';
import { describeOps } from '../../../../support/opsSuite.ts';
import { describePrograms } from '../../../../support/programSuite.ts';
import { describeSteps } from '../../../../support/stepsSuite.ts';
import { describeTerms } from '../../../../support/termsSuite.ts';
import { describeTies } from '../../../../support/tiesSuite.ts';
import { describeTraining } from '../../../../support/trainerSuite.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await openWasmEngine();
});

describeGoldenValues(() => engine);
describeTies(() => engine);
describeSteps(() => engine);
describeNetworks(() => engine);
describeTerms(() => engine);
describeOps(() => engine.ops);
describePrograms(() => engine);
describeTraining(() => engine);
