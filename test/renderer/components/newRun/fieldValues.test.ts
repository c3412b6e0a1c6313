import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describeRange,
  formatFieldValue,
  parseField,
  parseSeeds,
} from '../../../../src/renderer/components/newRun/fieldValues.ts';
import { findPaths } from '../../../../src/core/config/settingKeys.ts';
import { findSetting } from '../../../../src/core/config/settings.ts';
import { settingsOf, valueAt } from '../../../../src/core/config/settingValues.ts';
import { presets } from '../../../../src/core/config/presets.ts';

const settingOf = (key: string) => findSetting(findPaths(key)[0] ?? '');
const parse = (key: string, text: string) => parseField(settingOf(key), text);

describe('parseField', () => {
  it('reads one value, several, and a span', () => {
    expect(parse('camWeight', '0.1, 1,10').values).toEqual([0.1, 1, 10]);
    expect(parse('epochs', '1..6').values).toEqual([1, 2, 3, 4, 5, 6]);
    expect(parse('epochs', '1..3, 10').values).toEqual([1, 2, 3, 10]);
    expect(parse('learningRate', '1e-3').values).toEqual([0.001]);
    expect(parse('objective', 'none, contrastive').values).toEqual(['none', 'contrastive']);
  });

  it('takes an empty field or a word for what null stands for', () => {
    expect(parse('trainExamples', '').values).toEqual([null]);
    expect(parse('trainExamples', 'all, 1000').values).toEqual([null, 1000]);
    expect(parse('patience', 'Off').values).toEqual([null]);
  });

  it.each([
    ['camWeight', '', 'A value is missing.'],
    ['camWeight', '1,,2', 'There is a comma too many.'],
    ['camWeight', 'heavy', '“heavy” is not a number.'],
    ['camWeight', '-1', '-1 is out of range: it must be from 0 to 1,000,000.'],
    ['learningRate', '0', '0 is out of range: it must be above 0 and at most 10.'],
    ['dropout', '1', '1 is out of range: it must be at least 0 and below 1.'],
    ['epochs', '2.5', '2.5 is not a whole number.'],
    ['epochs', '6..1', '6..1 counts down; write the smaller number first.'],
    ['trainExamples', '1..5000', '1..5000 is more than 1,000 values.'],
    ['epochs', '1..3, 2', '2 is there twice.'],
    ['trainExamples', 'all, all', 'all is there twice.'],
    ['objective', 'contrastive+', '“contrastive+” is not none or some of contrastive, '],
    ['objective', 'none, none', 'none is there twice.'],
    ['pairing', 'matched, none', '“none” is not one of matched, correctness, inBatch.'],
  ] as const)('says of %s = "%s": %s', (key, text, error) => {
    expect(parse(key, text)).toEqual({
      values: null,
      error: expect.stringContaining(error) as string,
    });
  });

  it('reads back what it writes, for every field of every preset', () => {
    for (const config of Object.values(presets)) {
      for (const field of settingsOf(config)) {
        const value = valueAt(config, field.path) ?? null;
        expect(parseField(field, formatFieldValue(field, value)).values).toEqual([value]);
      }
    }
  });

  it('reads back any number in range', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true, minExcluded: true }), (weight) => {
        expect(parse('camWeight', formatFieldValue(settingOf('camWeight'), weight)).values).toEqual(
          [weight],
        );
      }),
    );
  });
});

describe('parseSeeds', () => {
  it('takes lists and spans of whole numbers from 0', () => {
    expect(parseSeeds('0, 7..9').values).toEqual([0, 7, 8, 9]);
    expect(parseSeeds('-1').error).toBe('-1 is out of range: it must be at least 0.');
    expect(parseSeeds('1e10').error).toContain('out of range');
  });
});

describe('describeRange', () => {
  const range = { minimum: 0, maximum: 1, excludesMinimum: true, excludesMaximum: true };
  it('says which ends belong to it', () => {
    expect(describeRange(range)).toBe('above 0 and below 1');
    expect(describeRange({ ...range, excludesMaximum: false })).toBe('above 0 and at most 1');
    expect(describeRange({ ...range, maximum: Infinity })).toBe('above 0');
  });
});
