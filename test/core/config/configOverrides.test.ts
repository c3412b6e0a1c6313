import { describe, expect, it } from 'vitest';
import {
  applyOverrides,
  configKeys,
  describeRange,
} from '../../../src/core/config/configOverrides.ts';
import { presets } from '../../../src/core/config/presets.ts';
import { runConfigSchema } from '../../../src/core/config/runConfig.ts';

const base = presets['mnist-r'];

it('sets fields of every type', () => {
  const settings = ['learningRate=3e-4', 'pairing = inBatch', 'patience=none', 'trainExamples=500'];
  expect(applyOverrides(base, settings)).toEqual({
    ...base,
    learningRate: 3e-4,
    pairing: 'inBatch',
    patience: null,
    trainExamples: 500,
  });
});

it('keeps presets valid', () => {
  for (const preset of Object.values(presets))
    expect(runConfigSchema.parse(preset)).toEqual(preset);
});

describe('refuses', () => {
  it.each([
    ['camWieght=2', 'There is no setting camWieght.', /camWeight: a number, 0 to 1000000/],
    ['batchsize=64', 'There is no setting batchsize.', /batchSize/],
    ['epochs=0', 'epochs cannot be 0.', /whole number, 1 to 1000/],
    ['epochs=2.5', 'epochs cannot be 2.5.', /whole number/],
    ['dropout=1', 'dropout cannot be 1.', /0 to below 1/],
    ['learningRate=fast', 'learningRate cannot be fast.', /above 0 to 10/],
    ['learningRate=', 'learningRate cannot be empty.', /above 0 to 10/],
    ['pairing=matching', 'pairing cannot be matching.', /matched, correctness, inBatch/],
    ['learningRate', '"learningRate" is not a setting.', /key=value/],
    ['learningRate=Infinity', 'learningRate cannot be Infinity.', /above 0 to 10/],
  ])('%s', (setting, message, remedy) => {
    expect(() => applyOverrides(base, [setting])).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message,
        remedy: expect.stringMatching(remedy) as string,
      }) as Error,
    );
  });
});

it('describes every field’s range', () => {
  for (const key of configKeys) expect(describeRange(key)).not.toContain('undefined');
});
