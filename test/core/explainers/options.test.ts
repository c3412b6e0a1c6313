import { describe, expect, it } from 'vitest';
import { chooseExplainers, readOptions } from '../../../src/core/explainers/options.ts';

describe('options of explainers', () => {
  it('are the defaults where none are given', () => {
    expect(readOptions('occlusion', { stride: 4 })).toEqual({
      ...{ window: 5, stride: 4, score: 'probability', baseline: 'black' },
    });
  });

  it('typed once, go to every method that has them', () => {
    const [gradient, smoothgrad, rise] = chooseExplainers(
      ['gradient', 'smoothgrad', 'rise'],
      ['samples=30', ' keep = 0.25'],
    );
    expect(gradient).toEqual({ name: 'gradient', options: {} });
    expect(smoothgrad).toEqual({ name: 'smoothgrad', options: { samples: 30, noise: 0.15 } });
    expect(rise).toEqual({ name: 'rise', options: { samples: 30, cells: 7, keep: 0.25 } });
  });

  it.each([
    [['gradient'], 'samples=3', 'Gradient has no option samples'],
    [['rise'], 'samples=lots', 'samples cannot be lots'],
    [['lime'], 'segments=grit', 'segments cannot be grit'],
    [['lime'], 'samples', '"samples" is no option'],
  ] as const)('of %s: %s is refused', (names, text, message) => {
    expect(() => chooseExplainers(names, [text])).toThrow(message);
  });

  it('of a call are refused as typed ones are', () => {
    expect(() => readOptions('rise', { keep: 1 })).toThrow('RISE: keep cannot be 1.');
    expect(() => readOptions('rise', { keeps: 0.5 })).toThrow('RISE has no option keeps.');
  });
});
