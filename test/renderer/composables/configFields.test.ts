import { describe, expect, it } from 'vitest';
import { configFields, fieldOf } from '../../../src/renderer/composables/configFields.ts';
import { presets } from '../../../src/core/config/presets.ts';

describe('configFields', () => {
  it('has a field with words for every key of a configuration', () => {
    expect(configFields.map(({ key }) => key).toSorted()).toEqual(
      Object.keys(presets['mnist-c']).toSorted(),
    );
    for (const { title, section, description } of configFields) {
      expect([title, section, description].every((text) => text.length > 0)).toBe(true);
    }
  });

  it('reads kinds, ranges and null from the schema', () => {
    expect(fieldOf('learningRate')).toMatchObject({
      kind: 'number',
      nullable: false,
      range: { minimum: 0, maximum: 10, excludesMinimum: true, excludesMaximum: false },
    });
    expect(fieldOf('dropout')).toMatchObject({
      kind: 'number',
      range: { minimum: 0, maximum: 1, excludesMinimum: false, excludesMaximum: true },
    });
    expect(fieldOf('patience')).toMatchObject({
      kind: 'integer',
      nullable: true,
      unit: 'epochs',
      range: { minimum: 1, maximum: 1000 },
    });
    expect(fieldOf('optimizer')).toMatchObject({
      kind: 'choice',
      choices: ['adam', 'rmsprop', 'sgd'],
    });
    expect(fieldOf('dataset').kind).toBe('text');
  });
});
