import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { component } from '../../../src/core/config/component.ts';
import { expandOverrides } from '../../../src/core/config/configOverrides.ts';
import { field } from '../../../src/core/config/fields.ts';
import { haveOneObjective, paradigmOf } from '../../../src/core/config/objectives.ts';
import { presets } from '../../../src/core/config/presets.ts';
import {
  configParts,
  runConfigSchema,
  type RunConfig,
} from '../../../src/core/config/runConfig.ts';
import { allSettings, findSetting, listSettings } from '../../../src/core/config/settings.ts';
import { settingsOf, valueAt } from '../../../src/core/config/settingValues.ts';
import { describeRange } from '../../../src/core/config/settingWords.ts';
import { buildFields } from '../../../src/renderer/components/newRun/formFields.ts';

/** The paths of everything in a configuration but its version, from the object itself. */
function listLeaves(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => listLeaves(inner, `${path}.${key}`));
}

describe('settings', () => {
  it.each(Object.entries(presets))('are all that %s consists of', (_, config: RunConfig) => {
    const { version, objective, ...others } = config;
    expect(version).toBe(2);
    const leaves = [
      ...Object.entries(others).flatMap(([key, part]) => listLeaves(part, key)),
      ...listLeaves(objective, 'objective'),
    ].map((path) => path.replace(/\.name$/, ''));
    const paths = settingsOf(config).map(({ path }) => path);
    expect(paths.toSorted()).toEqual([...new Set([...leaves, 'objective'])].toSorted());
  });

  it('have words, a default that they accept, and a range', () => {
    for (const setting of allSettings) {
      expect([setting.title, setting.description].every((text) => text.length > 0)).toBe(true);
      expect(setting.accepts(setting.fallback)).toBe(true);
      expect(setting.nullable).toBe(setting.nullMeans !== undefined);
      expect(describeRange(setting)).not.toMatch(/undefined|Infinity/);
    }
  });

  it('read kinds, ranges and null from the schema', () => {
    expect(findSetting('optimizer.learningRate')).toMatchObject({
      kind: 'number',
      nullable: false,
      range: { minimum: 0, maximum: 10, excludesMinimum: true, excludesMaximum: false },
    });
    expect(findSetting('model.dropout')).toMatchObject({
      kind: 'number',
      range: { minimum: 0, maximum: 1, excludesMinimum: false, excludesMaximum: true },
    });
    expect(findSetting('training.patience')).toMatchObject({
      kind: 'integer',
      nullable: true,
      unit: 'epochs',
      range: { minimum: 1, maximum: 1000 },
    });
    expect(findSetting('optimizer')).toMatchObject({
      kind: 'choice',
      choices: ['adam', 'rmsprop', 'sgd'],
    });
    expect(findSetting('data.dataset').kind).toBe('text');
  });
});

/** A term and an optimizer that the application does not have. */
const sharpness = component({
  name: 'sharpness',
  title: 'Sharpness',
  description: 'Made up.',
  source: 'this test',
  fields: {
    weight: field(z.number().min(0).max(5), 2, { title: 'Weight', description: 'Of the term.' }),
  },
});
const lion = component({
  name: 'lion',
  title: 'Lion',
  description: 'Made up.',
  source: 'this test',
  fields: {
    learningRate: field(z.number().gt(0).max(1), 1e-4, { title: 'Rate', description: 'Step.' }),
    decay: field(z.number().min(0).max(1), 0.2, { title: 'Decay', description: 'Of weights.' }),
  },
});
const extended = listSettings(
  configParts.map((part) => {
    const added = { objective: sharpness, optimizer: lion }[part.key];
    return added === undefined ? part : { ...part, components: [...part.components, added] };
  }),
);

describe('a descriptor that is added', () => {
  const set = (...texts: string[]): RunConfig | undefined =>
    expandOverrides([{ name: 'it', config: presets['mnist-c'] }], texts, extended)[0]?.[0]?.config;

  it('reaches --set, with its defaults and its ranges', () => {
    expect(set('optimizer=lion', 'optimizer.decay=0.5')?.optimizer).toEqual({
      name: 'lion',
      learningRate: 1e-3,
      decay: 0.5,
    });
    expect(() => set('optimizer=lion', 'decay=2')).toThrow('decay cannot be 2');
  });

  it('joins other terms in the order of the registry, and its name the paradigm', () => {
    const both = set('objective=sharpness,contrastive', 'sharpness.weight=3');
    expect(Object.keys(both?.objective ?? {})).toEqual(['contrastive', 'sharpness']);
    expect(both && valueAt(both, 'objective.sharpness.weight')).toBe(3);
    expect(both && paradigmOf(both)).toBe('contrastive+sharpness');
    expect(both && haveOneObjective([both, presets['mnist-r']])).toBe(false);
    expect(() => set('objective=contrastive,sharpness', 'weight=3')).toThrow(
      /weight may mean objective.contrastive.weight or .*objective.sharpness.weight/,
    );
  });

  it('reaches the form, where it is chosen', () => {
    const typed = new Map([
      ['optimizer', 'lion'],
      ['objective', 'sharpness'],
    ]);
    const fields = buildFields(
      presets['mnist-c'],
      ({ path, fallback }) =>
        typed.get(path) ?? String(valueAt(presets['mnist-c'], path) ?? fallback),
      undefined,
      extended,
    );
    const paths = fields.map(({ field: { path } }) => path);
    expect(paths).toContain('optimizer.decay');
    expect(paths).toContain('objective.sharpness.weight');
    expect(paths).not.toContain('optimizer.momentum');
    expect(paths).not.toContain('objective.contrastive.weight');
  });
});

it('takes any of dozens of components without listing their sets', () => {
  const many = Array.from({ length: 60 }, (_, i) => ({ ...sharpness, name: `term${i}` }));
  const [objective] = listSettings(
    configParts
      .filter(({ key }) => key === 'objective')
      .map((part) => ({ ...part, components: many })),
  );
  expect(objective?.kind === 'set' && objective.members).toHaveLength(60);
  const accepted = ['none', 'term0', 'term3+term59', 'term59+term3', 'term3+term3', 'term60', ''];
  expect(accepted.map((set) => objective?.accepts(set))).toEqual([
    ...[true, true, true],
    ...[false, false, false, false],
  ]);
  expect(objective?.accepts(null)).toBe(false);
});

it('refuses a layer that the model does not have, with the nearest', () => {
  const config = { ...presets['mnist-c'], cam: { targetLayer: 'relu9', gradient: 'full' } };
  expect(runConfigSchema.safeParse(config).success).toBe(false);
});
