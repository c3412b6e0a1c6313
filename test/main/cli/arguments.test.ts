import { describe, expect, it } from 'vitest';
import { seedCountOrList, seedList } from '../../../src/main/cli/arguments.ts';
import { formatSettings, listAllSettings } from '../../../src/main/cli/settingsList.ts';
import { settingPaths } from '../../../src/core/config/settings.ts';

describe('a list of seeds', () => {
  it('has seeds and spans, in the order given', () => {
    expect(seedList('7')).toEqual([7]);
    expect(seedList('1-5,8')).toEqual([1, 2, 3, 4, 5, 8]);
    expect(seedList(' 3 , 10 - 12 ')).toEqual([3, 10, 11, 12]);
    expect(seedList('0..2, 7')).toEqual([0, 1, 2, 7]);
  });

  it('is a count where a command says so, unless it is a list', () => {
    expect(seedCountOrList('3')).toEqual([1, 2, 3]);
    expect(seedCountOrList('3,5')).toEqual([3, 5]);
    expect(() => seedCountOrList('0')).toThrow(/whole number, 1 to 1000/);
  });

  it.each([
    ['1,2,1', /Seed 1 is there twice/],
    ['1-3,2', /Seed 2 is there twice/],
    ['5-1', /smaller seed of a span first/],
    ['0-1000000', /at most 1000 seeds/],
    ['1-', /whole number/],
    ['-1', /whole number/],
    ['1.5', /whole number/],
    ['', /whole number/],
  ])('cannot be "%s"', (text, message) => {
    expect(() => seedList(text)).toThrow(message);
  });
});

it('lists every setting, once for the components that have it alike, with what it takes', () => {
  const listed = listAllSettings();
  expect([...new Set(listed.map(({ key }) => key))]).toEqual(settingPaths);
  const patches = listed.filter(({ key }) => key === 'model.patch');
  expect(patches.map(({ components }) => components)).toEqual([['convnext'], ['swin']]);
  expect(listed).toHaveLength(settingPaths.length + 1);
  expect(listed.find(({ key }) => key === 'optimizer.learningRate')).toMatchObject({
    short: 'learningRate',
    components: ['adam', 'rmsprop', 'sgd'],
    range: 'a number, above 0 to 10',
    default: '0.001',
  });
  const text = formatSettings();
  for (const path of settingPaths) expect(text).toMatch(new RegExp(`^${path}( |$)`, 'm'));
  expect(text).toContain('Only with sgd. Share of the velocity');
  expect(text).toContain('Only with contrastive. Distance beyond');
  expect(text).not.toMatch(/Only with adam/);
});
