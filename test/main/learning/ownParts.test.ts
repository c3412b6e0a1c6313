import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { beforeAll, expect, it } from 'vitest';
import { component } from '../../../src/core/config/component.ts';
import { field } from '../../../src/core/config/fields.ts';
import { configParts } from '../../../src/core/config/runConfig.ts';
import { listSettings } from '../../../src/core/config/settings.ts';
import { changeSetting } from '../../../src/core/config/settingValues.ts';
import { describeNetwork } from '../../../src/core/models/network.ts';
import { listCnnLayers } from '../../../src/core/models/paperCnn.ts';
import type { Engine } from '../../../src/main/learning/engine/engine.ts';
import { openWasmEngine } from '../../../src/main/learning/engine/wasm/wasmEngine.ts';
import {
  buildObjective,
  termBuilders,
  type TermBuilder,
} from '../../../src/main/learning/objective/buildObjective.ts';
import { makeTinyJob, trainTiny } from '../../support/tinyRun.ts';
import { resultsOf } from '../../support/trainerSuite.ts';

/** A term and a network that the application does not have, written as its own are. */
const brightness = component({
  name: 'brightness',
  title: 'Brightness',
  description: 'Darkens the map.',
  source: 'this test',
  fields: {
    weight: field(z.number().min(0), 3, { title: 'Weight', description: 'Of the term.' }),
    power: field(z.number().min(1), 2, { title: 'Power', description: 'Of the activations.' }),
  },
});
const brightnessBuilder: TermBuilder<{ power: number }> = {
  build:
    (_, { power }) =>
    ({ activations }) => ({
      value: tf.mean<tf.Scalar>(tf.pow(activations, power)),
      nanBatch: tf.scalar(0),
    }),
};
const settings = listSettings(
  configParts.map((part) =>
    part.key === 'objective' ? { ...part, components: [...part.components, brightness] } : part,
  ),
);

let engine: Engine;
beforeAll(async () => {
  engine = await openWasmEngine();
});

it('trains a network of one’s own by a term of one’s own, from outside the application', async () => {
  const job = makeTinyJob({ epochs: 1 });
  const config = changeSetting(job.config, 'objective', 'brightness', settings);
  const builders = { ...termBuilders, brightness: brightnessBuilder };
  const events = await trainTiny(
    engine,
    { ...job, config },
    {
      making: {
        describeModel: (_, imageSize, classes) =>
          describeNetwork(listCnnLayers({ channels: [2, 3, 4], hidden: 5, classes }), imageSize),
        buildObjective: (ops, of) => buildObjective(ops, of, builders),
      },
    },
  );
  const results = resultsOf(events);
  expect(results).toHaveLength(2);
  const { trainLoss, terms } = results[1]?.metrics ?? {};
  const values = terms?.train as Record<string, number> | undefined;
  expect(Object.keys(values ?? {})).toEqual(['crossEntropy', 'brightness']);
  expect(values?.brightness).toBeGreaterThan(0);
  expect(trainLoss).toBeCloseTo((values?.crossEntropy ?? 0) + 3 * (values?.brightness ?? 0), 5);
  // The network's second convolution: 9 cells, 2 channels in, 3 out.
  const text = new TextDecoder('latin1').decode(results[1]?.weights);
  expect(text).toContain('"shape":[3,3,2,3]');
});

it('refuses a term that nothing computes', () => {
  const { config } = makeTinyJob();
  const unknown = changeSetting(config, 'objective', 'brightness', settings);
  expect(() => buildObjective(engine.ops, unknown)).toThrow('no way to compute brightness given');
});
