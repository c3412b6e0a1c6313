import { describe, expect, it } from 'vitest';
import {
  findItems,
  matchScore,
  parseExampleId,
} from '../../../../src/renderer/components/shell/paletteItems.ts';
import type { PaletteItem } from '../../../../src/renderer/components/shell/paletteItems.ts';

const item = (group: PaletteItem['group'], label: string, detail = ''): PaletteItem => ({
  key: label,
  group,
  label,
  detail,
  icon: 'runs',
  run: () => undefined,
});

describe('matchScore', () => {
  it('wants all words and prefers beginnings', () => {
    expect(matchScore('seed mnist', 'mnist-r seed 3')).toBeGreaterThan(0);
    expect(matchScore('seed 4', 'mnist-r seed 3')).toBe(0);
    expect(matchScore('mnist', 'mnist-r')).toBeGreaterThan(matchScore('mnist', 'fashion-mnist'));
    expect(matchScore('mnist', 'fashion-mnist')).toBeGreaterThan(matchScore('mnist', 'kmnist'));
  });
});

describe('findItems', () => {
  const items = [
    item('Go to', 'Data'),
    item('Runs', 'fashion-c', 'mnist'),
    item('Runs', 'old data'),
    item('Runs', 'data'),
  ];
  it('keeps groups together, best first in each', () => {
    expect(findItems('data', items).map(({ group, label }) => `${group}: ${label}`)).toEqual([
      'Go to: Data',
      'Runs: data',
      'Runs: old data',
    ]);
  });
  it('takes a letter for the word that it is, not for a part of another', () => {
    const runs = [item('Runs', 'quick R'), item('Runs', 'quick C')];
    expect(findItems('quick c', runs)[0]?.label).toBe('quick C');
    expect(findItems('quick r', runs.toReversed())[0]?.label).toBe('quick R');
  });
  it('looks into the detail as well', () => {
    expect(findItems('mnist', items).map(({ label }) => label)).toEqual(['fashion-c']);
  });
});

describe('parseExampleId', () => {
  it.each([
    ['1234', 1234],
    ['#7', 7],
    ['Example 42', 42],
    [' 5 ', 5],
    ['seed 3', null],
    ['1.5', null],
    ['', null],
  ])('reads %s as %s', (query, exampleId) => {
    expect(parseExampleId(query)).toBe(exampleId);
  });
});
