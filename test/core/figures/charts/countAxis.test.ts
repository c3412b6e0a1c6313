import { describe, expect, it } from 'vitest';
import { buildCountAxis, chooseCountScale } from '../../../../src/core/figures/charts/countAxis.ts';
import { Pen } from '../../../../src/core/figures/drawing/pen.ts';
import { buildOptions } from '../../../support/figureData.ts';

const pen = new Pen(buildOptions('confidence-histogram'), []);

describe('the scale of counts', () => {
  it('is logarithmic where the middle bin is lower than a fiftieth of the highest', () => {
    expect(chooseCountScale([0, 0, 19, 19, 19, 1000])).toBe('log');
    expect(chooseCountScale([0, 0, 20, 20, 20, 1000])).toBe('linear');
    expect(chooseCountScale([0, 0])).toBe('linear');
  });

  it('puts a decade between 1 and 10, and none at the foot of the axis', () => {
    const { toHeight, yRange, yTicks } = buildCountAxis(pen, [0, 1, 10, 99], 'log', 100);
    expect(toHeight(10) - toHeight(1)).toBe(1);
    expect(toHeight(0)).toBe(yRange[0]);
    expect(toHeight(1)).toBeGreaterThan(yRange[0]);
    expect(yTicks.map(({ text }) => text)).toEqual(['1', '10', '100']);
  });

  it('begins at zero where it is linear, with whole ticks and room above the highest', () => {
    const { toHeight, yRange, yTicks } = buildCountAxis(pen, [0, 3], 'linear', 100);
    expect(yRange[0]).toBe(toHeight(0));
    expect(yRange[1]).toBeGreaterThan(toHeight(3));
    expect(yTicks.map(({ text }) => text)).toEqual(['0', '1', '2', '3']);
  });
});
