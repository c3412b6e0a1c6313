import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandOverrides } from '../../../src/core/config/configOverrides.ts';
import { paradigmOf } from '../../../src/core/config/objectives.ts';
import { presetNames, presets } from '../../../src/core/config/presets.ts';
import { runConfigSchema, type RunConfig } from '../../../src/core/config/runConfig.ts';
import { shortKey } from '../../../src/core/config/settingKeys.ts';
import { settingsOf, valueAt } from '../../../src/core/config/settingValues.ts';

/** A user's mistake: what happened, and what its remedy says. */
const refused = (message: string | RegExp, remedy: RegExp): Error =>
  expect.objectContaining({
    code: 'INVALID_ARGUMENT',
    message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
    remedy: expect.stringMatching(remedy) as string,
  }) as Error;

const [c, r] = [presets['mnist-c'], presets['mnist-r']];
const bases = (...names: (keyof typeof presets)[]) =>
  names.map((name) => ({ name, config: presets[name] }));

/** The one configuration that settings make of another. */
function apply(config: RunConfig, ...settings: string[]): RunConfig {
  const variants = expandOverrides([{ name: 'it', config }], settings).flat();
  expect(variants).toHaveLength(1);
  return variants[0]?.config ?? config;
}

it('sets fields of every type, by path or for short', () => {
  const settings = [
    'optimizer.learningRate=3e-4',
    'pairing = inBatch',
    'patience=none',
    'data.trainExamples=500',
  ];
  expect(apply(r, ...settings)).toEqual({
    ...r,
    optimizer: { name: 'adam', learningRate: 3e-4 },
    objective: { contrastive: { ...r.objective.contrastive, pairing: 'inBatch' } },
    training: { ...r.training, patience: null },
    data: { ...r.data, trainExamples: 500 },
  });
});

it('takes every setting’s own value for the same configuration', () => {
  const own = presetNames.flatMap((name) =>
    settingsOf(presets[name]).map(({ path }): [RunConfig, string] => [presets[name], path]),
  );
  expect(own.length).toBeGreaterThan(70);
  fc.assert(
    fc.property(fc.constantFrom(...own), fc.boolean(), ([config, path], isShort) => {
      const value = valueAt(config, path) ?? 'none';
      expect(apply(config, `${isShort ? shortKey(path) : path}=${value}`)).toEqual(config);
    }),
    { numRuns: 2 * own.length },
  );
});

describe('another component', () => {
  it('comes with its defaults and keeps fields of the same name', () => {
    const sgd = apply(c, 'learningRate=0.01', 'optimizer=sgd');
    expect(sgd.optimizer).toEqual({ name: 'sgd', learningRate: 0.01, momentum: 0.9 });
    expect(apply(sgd, 'optimizer=rmsprop').optimizer).toEqual({
      name: 'rmsprop',
      learningRate: 0.01,
    });
    const step = apply(c, 'schedule=step', 'schedule.factor=0.1');
    expect(apply(step, 'schedule=plateau').schedule).toEqual({
      name: 'plateau',
      patience: 5,
      factor: 0.1,
    });
  });

  it('is chosen before its fields, in whatever order they are given', () => {
    expect(apply(c, 'momentum=0.5', 'optimizer=sgd').optimizer).toMatchObject({ momentum: 0.5 });
    expect(apply(c, 'camWeight=2', 'objective=contrastive').objective).toMatchObject({
      contrastive: { weight: 2, pairing: 'matched' },
    });
  });

  it('makes the paper’s paradigms, by their first names too', () => {
    expect(apply(c, 'objective=contrastive')).toEqual(r);
    expect(apply(r, 'objective=none')).toEqual(c);
    expect(apply(c, 'objective=triplet,contrastive')).toEqual(
      apply(c, 'objective=contrastive+triplet'),
    );
    expect([apply(c, 'paradigm=R'), apply(r, 'paradigm=C')]).toEqual([r, c]);
    expect(paradigmOf(apply(r, 'camWeight=0'))).toBe('R');
  });
});

it('means by the names of the first version what they meant', () => {
  expect(apply(c, 'schedule=step', 'scheduleEpochs=3').schedule).toMatchObject({ epochs: 3 });
  expect(apply(c, 'schedule=plateau', 'scheduleEpochs=3').schedule).toMatchObject({ patience: 3 });
  expect(apply(c, 'epochs=7', 'patience=2').training).toMatchObject({ epochs: 7, patience: 2 });
});

describe('several values', () => {
  it('make a variant each, in all combinations, that say what they are', () => {
    const [variants = []] = expandOverrides(bases('mnist-r'), ['camWeight=0.1,1', 'epochs=2, 3']);
    expect(variants.map(({ marks }) => marks.join(' '))).toEqual([
      'contrastive.weight 0.1 epochs 2',
      'contrastive.weight 0.1 epochs 3',
      'contrastive.weight 1 epochs 2',
      'contrastive.weight 1 epochs 3',
    ]);
    const seen = variants.map(({ config }) => [
      config.objective.contrastive?.weight,
      config.training.epochs,
    ]);
    expect(seen).toEqual([
      [0.1, 2],
      [0.1, 3],
      [1, 2],
      [1, 3],
    ]);
  });

  it('vary a component’s field in the variants that have it', () => {
    const [variants = []] = expandOverrides(bases('mnist-c'), [
      'optimizer=adam,sgd',
      'momentum=0.5,0.9',
    ]);
    expect(variants.map(({ config }) => config.optimizer)).toEqual([
      { name: 'adam', learningRate: 1e-3 },
      { name: 'sgd', learningRate: 1e-3, momentum: 0.5 },
      { name: 'sgd', learningRate: 1e-3, momentum: 0.9 },
    ]);
  });

  it('apply to the presets that have the setting', () => {
    const [ofC, ofR] = expandOverrides(bases('mnist-c', 'mnist-r'), ['camWeight=0.5']);
    expect(ofC).toEqual([{ config: c, marks: [] }]);
    expect(ofR?.[0]?.config.objective.contrastive?.weight).toBe(0.5);
  });
});

it('keeps presets valid, and what settings make of them', () => {
  for (const preset of Object.values(presets)) {
    expect(runConfigSchema.parse(preset)).toEqual(preset);
    for (const optimizer of ['adam', 'rmsprop', 'sgd']) {
      const changed = apply(preset, `optimizer=${optimizer}`, 'schedule=cosine', 'paradigm=R');
      expect(runConfigSchema.parse(changed)).toEqual(changed);
    }
  }
});

describe('refuses', () => {
  it.each([
    ['camWieght=2', 'There is no setting camWieght.', /camWeight: a number, 0 to 1000000/],
    ['batchsize=64', 'There is no setting batchsize.', /batchSize/],
    ['foo=1', 'There is no setting foo.', /^“train --settings” lists them all/],
    ['epochs=0', 'epochs cannot be 0.', /whole number, 1 to 1000/],
    ['epochs=2.5', 'epochs cannot be 2.5.', /whole number/],
    ['dropout=1', 'dropout cannot be 1.', /0 to below 1/],
    ['learningRate=fast', 'learningRate cannot be fast.', /above 0 to 10/],
    ['optimizer.learningRate=0', 'optimizer.learningRate cannot be 0.', /above 0 to 10/],
    ['learningRate=', 'learningRate cannot be empty.', /above 0 to 10/],
    ['learningRate=0.1,0.1', 'learningRate has 0.1 twice.', /once/],
    ['pairing=matching', 'pairing cannot be matching.', /inBatch; the nearest is matched/],
    ['targetLayer=relu33', 'targetLayer cannot be relu33.', /the nearest is relu3/],
    ['objective=contrastive,trplet', /cannot be contrastive,trplet/, /the nearest is triplet/],
    ['objective=contrastive,contrastive', /cannot be contrastive,contrastive/, /none, contrastive/],
    ['objective=', 'objective cannot be empty.', /none, contrastive/],
    ['optimizer=adams', 'optimizer cannot be adams.', /the nearest is adam/],
    ['learningRate', '"learningRate" is not a setting.', /key=value/],
    ['learningRate=Infinity', 'learningRate cannot be Infinity.', /above 0 to 10/],
    ['momentum=0.5', /has the optimizer adam, which has no momentum/, /optimizer=sgd/],
    ['schedule.factor=0.1', /has the schedule constant/, /schedule=step or plateau/],
  ])('%s', (setting, message, remedy) => {
    expect(() => apply(r, setting)).toThrow(refused(message, remedy));
  });

  it('a term’s setting where no preset has the term', () => {
    expect(() => expandOverrides(bases('mnist-c', 'fashion-c'), ['camWeight=1'])).toThrow(
      refused(
        'mnist-c and fashion-c have no term contrastive, so camWeight changes nothing.',
        /objective=contrastive/,
      ),
    );
  });
});
