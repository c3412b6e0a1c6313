import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  baseTextOf,
  buildFields,
  withTypedModel,
} from '../../../../src/renderer/components/newRun/formFields.ts';
import { countRuns, runOf, studyOf } from '../../../../src/renderer/components/newRun/sweep.ts';
import type { Sweep } from '../../../../src/renderer/components/newRun/sweep.ts';
import { presets } from '../../../../src/core/config/presets.ts';
import { settingPaths, type Setting } from '../../../../src/core/config/settings.ts';
import { mostRuns } from '../../../../src/core/config/sweep.ts';
import { plannedRuns } from '../../../../src/core/studies/plan.ts';
import { studySchema } from '../../../../src/core/studies/study.ts';
import { newRunSchema } from '../../../../src/shared/contract.ts';

const base = presets['mnist-r'];

/** A form from `mnist-r` in which some fields hold other texts. */
const fieldsOf = (texts: Readonly<Record<string, string>>) =>
  buildFields(base, (setting) => texts[setting.path] ?? baseTextOf(setting, base));

const sweepOf = (texts: Readonly<Record<string, string>>, seeds = [1]): Sweep => ({
  base,
  values: new Map(fieldsOf(texts).map(({ field, parsed }) => [field.path, parsed.values ?? []])),
  seeds,
  name: 'mnist-r',
  experiment: 'weights',
});

/** The runs of a sweep as the study that it is. */
const expandSweep = (sweep: Sweep) => plannedRuns(studyOf(sweep, ''));

describe('a sweep', () => {
  it('is a study of what differs from the base', () => {
    const study = studyOf(sweepOf({ 'training.epochs': '3, 5', optimizer: 'sgd' }), 'Why?');
    expect(studySchema.parse(study)).toEqual(study);
    expect(study).toMatchObject({ name: 'weights', question: 'Why?', seeds: [1] });
    expect(study.factors).toEqual([
      { settings: ['optimizer'], rows: [['sgd']] },
      { settings: ['optimizer.momentum'], rows: [[0.9]] },
      { settings: ['training.epochs'], rows: [[3], [5]] },
    ]);
  });

  it('runs every configuration with every seed', () => {
    const weights = { 'objective.contrastive.weight': '0.1, 10', 'training.epochs': '3, 5' };
    const runs = expandSweep(sweepOf(weights, [1, 2]));
    const seen = runs.map(({ config, seed }) => [
      config.objective.contrastive?.weight,
      config.training.epochs,
      seed,
    ]);
    expect(seen).toEqual([
      [0.1, 3, 1],
      [0.1, 3, 2],
      [0.1, 5, 1],
      [0.1, 5, 2],
      [10, 3, 1],
      [10, 3, 2],
      [10, 5, 1],
      [10, 5, 2],
    ]);
    expect(runs[0]?.name).toBe('mnist-r contrastive.weight 0.1 epochs 3 seed 1');
  });

  it('names nothing that all runs share', () => {
    expect(runOf(sweepOf({}))).toMatchObject({ name: 'mnist-r seed 1', experiment: 'weights' });
  });

  it('varies a component’s field in the runs that have it', () => {
    const runs = expandSweep(
      sweepOf({ objective: 'none, contrastive', 'objective.contrastive.margin': '1, 2' }),
    );
    expect(runs.map(({ name }) => name)).toEqual([
      'mnist-r C',
      'mnist-r R margin 1',
      'mnist-r R margin 2',
    ]);
    expect(runs[0]?.config).toEqual(presets['mnist-c']);
  });

  it('runs each of several sets of terms', () => {
    const runs = expandSweep(sweepOf({ objective: 'none, contrastive, contrastive+triplet' }));
    expect(runs.map(({ name }) => name)).toEqual([
      'mnist-r C',
      'mnist-r R',
      'mnist-r contrastive+triplet',
    ]);
    expect(Object.keys(runs[2]?.config.objective ?? {})).toEqual(['contrastive', 'triplet']);
  });

  it('makes as many runs as it counts, all of them valid and none named like another', () => {
    const distinct = { minLength: 1, maxLength: 3 };
    const choices = (...words: string[]) => fc.subarray(words, { minLength: 1 });
    fc.assert(
      fc.property(
        fc.record({
          'objective.contrastive.weight': fc.uniqueArray(
            fc.integer({ min: 0, max: 1e6 }),
            distinct,
          ),
          'data.trainExamples': fc.uniqueArray(fc.constantFrom('all', 1, 1000), distinct),
          objective: choices('none', 'contrastive'),
          optimizer: choices('adam', 'rmsprop', 'sgd'),
          'optimizer.momentum': choices('0', '0.5'),
          schedule: choices('constant', 'step', 'plateau'),
          'schedule.patience': choices('2', '9'),
        }),
        fc.uniqueArray(fc.integer({ min: 0, max: 2 ** 31 - 1 }), distinct),
        (values, seeds) => {
          const texts = Object.entries(values).map(([path, of]) => [path, of.join(', ')]);
          const sweep = {
            ...sweepOf(Object.fromEntries(texts) as Record<string, string>, seeds),
            name: 'x'.repeat(150),
          };
          fc.pre(countRuns(sweep) <= mostRuns);
          const runs = expandSweep(sweep);
          expect(runs).toHaveLength(countRuns(sweep));
          expect(new Set(runs.map(({ name }) => name)).size).toBe(runs.length);
          for (const { name, config, seed } of runs) {
            const run = { name, experiment: 'e', config, seed };
            expect(newRunSchema.parse(run)).toEqual(run);
          }
        },
      ),
    );
  });
});

describe('the fields of a form', () => {
  const ignoredBy = (texts: Readonly<Record<string, string>>, path: string): string | undefined =>
    fieldsOf(texts).find(({ field }) => field.path === path)?.ignored;
  const isShown = (texts: Readonly<Record<string, string>>, path: string): boolean =>
    ignoredBy(texts, path) !== undefined;

  it('are those of the chosen components, each once and in order', () => {
    expect(isShown({}, 'optimizer.momentum')).toBe(false);
    expect(isShown({ optimizer: 'adam, sgd' }, 'optimizer.momentum')).toBe(true);
    expect(isShown({ schedule: 'step' }, 'schedule.epochs')).toBe(true);
    expect(isShown({ schedule: 'plateau' }, 'schedule.epochs')).toBe(false);
    expect(isShown({ objective: 'none' }, 'objective.contrastive.weight')).toBe(false);
    const paths = fieldsOf({ optimizer: 'adam, sgd' }).map(({ field }) => field.path);
    expect(paths).toEqual(settingPaths.filter((path) => paths.includes(path)));
  });

  it('stay where a choice cannot be read', () => {
    expect(isShown({ optimizer: 'adamant' }, 'optimizer.learningRate')).toBe(true);
  });

  it('say where they change nothing, and of no run of the sweep', () => {
    expect(ignoredBy({}, 'objective.contrastive.margin')).toContain('no margin');
    const both = { 'objective.contrastive.pairing': 'matched, inBatch' };
    expect(ignoredBy(both, 'objective.contrastive.margin')).toBe('');
    expect(ignoredBy({ objective: 'none' }, 'cam.gradient')).toContain('No term');
    expect(ignoredBy({ objective: 'none, contrastive' }, 'cam.gradient')).toBe('');
    expect(ignoredBy({ objective: 'none' }, 'cam.targetLayer')).toBe('');
  });

  it('tell what is chosen', () => {
    const optimizer = fieldsOf({ optimizer: 'sgd' }).find(
      ({ field }) => field.path === 'optimizer',
    );
    expect(optimizer?.components.map(({ title }) => title)).toEqual(['SGD']);
    expect(optimizer?.isChanged).toBe(true);
  });
});

describe('the target layer', () => {
  const layerOf = (texts: Readonly<Record<string, string>>) => {
    const textOf = (setting: Setting): string => texts[setting.path] ?? baseTextOf(setting, base);
    const modelled = withTypedModel(base, textOf);
    const fields = buildFields(base, (setting) =>
      setting.path === 'cam.targetLayer' && texts[setting.path] === undefined
        ? baseTextOf(setting, modelled)
        : textOf(setting),
    );
    const found = fields.find(({ field }) => field.path === 'cam.targetLayer');
    if (found?.field.kind !== 'choice') throw new Error('no target layer to choose');
    return { ...found, choices: found.field.choices };
  };

  it('is the model’s own, and of its layers, until another is chosen', () => {
    const resnet = layerOf({ model: 'resnet' });
    expect(resnet).toMatchObject({ text: 'stage3.3.relu2', isChanged: false });
    expect(resnet.parsed.error).toBeNull();
    expect(resnet.choices).not.toContain('relu3');
    const shallow = layerOf({ model: 'resnet', 'model.depth': '8' });
    expect(shallow).toMatchObject({ text: 'stage3.1.relu2', isChanged: false });
    expect(shallow.choices).not.toContain('stage3.3.relu2');
    const early = layerOf({ model: 'resnet', 'cam.targetLayer': 'stage1.1.relu2' });
    expect(early).toMatchObject({ baseText: 'stage3.3.relu2', isChanged: true });
    const unknown = layerOf({ model: 'resnet', 'cam.targetLayer': 'relu3' });
    expect(unknown.parsed.error).toContain('“relu3” is not one of 47, among them stem');
  });
});
