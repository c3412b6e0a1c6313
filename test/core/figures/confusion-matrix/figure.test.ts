import { describe, expect, it } from 'vitest';
import { figure as confusionMatrix } from '../../../../src/core/figures/confusion-matrix/figure.ts';
import { drawSvg } from '../../../support/drawnSvg.ts';
import { buildOptions, figureData } from '../../../support/figureData.ts';

const textsOf = (element: SVGElement): string[] =>
  Array.from(element.getElementsByTagName('text'), ({ textContent }) => textContent);

describe('a confusion matrix', () => {
  const data = figureData['confusion-matrix'];
  const draw = (values: 'counts' | 'rates') =>
    textsOf(drawSvg(confusionMatrix, { ...data, values }, buildOptions('confusion-matrix'))).slice(
      0,
      9,
    );

  it('shows counts', () => {
    expect(draw('counts')).toEqual(['8', '2', '0', '1', '2999', '0', '0', '0', '0']);
  });

  it('shows percentages of a label’s images, and rounds none to nothing or to all', () => {
    expect(draw('rates')).toEqual(['80.0', '20.0', '0', '<0.1', '>99.9', '0', '0', '0', '0']);
  });

  it('tabulates rates that sum to 1 where there are images', () => {
    const { rows } = confusionMatrix.tabulate(data);
    const sums = ['cat', 'dog', 'owl'].map((name) =>
      rows.filter(([label]) => label === name).reduce((sum, row) => sum + Number(row[3]), 0),
    );
    expect(sums.map((sum) => Number(sum.toFixed(12)))).toEqual([1, 1, 0]);
  });
});
