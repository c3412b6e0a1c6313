import { describe, expect, it } from 'vitest';
import { figure as trainingCurves } from '../../../../src/core/figures/training-curves/figure.ts';
import {
  bandOf,
  foldSeries,
  type CurveSeries,
  type TrainingCurvesData,
} from '../../../../src/core/figures/training-curves/curveSeries.ts';
import { drawSvg } from '../../../support/drawnSvg.ts';
import { buildOptions, figureData, labelOf } from '../../../support/figureData.ts';

const textsOf = (element: SVGElement): string[] =>
  Array.from(element.getElementsByTagName('text'), ({ textContent }) => textContent);

describe('training curves', () => {
  const run = (seed: number, values: (number | null)[]) => ({
    run: labelOf('R', seed),
    bestEpoch: 1,
    values: { testAccuracy: values },
    images: {},
  });
  const series = (...columns: (number | null)[][]) => ({
    name: 'R',
    paradigm: 'R' as const,
    runs: columns.map((values, i) => run(i, values)),
  });

  const chart = (fromEpoch: number, ...all: CurveSeries[]): TrainingCurvesData => ({
    metrics: ['testAccuracy'],
    fromEpoch,
    haveOneObjective: true,
    versions: [1],
    series: all,
  });

  it('fold seeds into mean and standard deviation, n - 1 below', () => {
    const [point] = foldSeries(series([1], [2], [6]), 'testAccuracy');
    // Mean 3, squares 4 + 1 + 9 = 14, variance 7.
    expect(point).toEqual({ epoch: 0, mean: 3, deviation: Math.sqrt(7), count: 3 });
  });

  it('end with the shortest run and skip what is undefined in one', () => {
    const points = foldSeries(series([1, 2, 3, 4], [1, null, 5]), 'testAccuracy');
    expect(points.map(({ epoch, mean }) => [epoch, mean])).toEqual([
      [0, 1],
      [2, 4],
    ]);
  });

  it('can leave out the untrained network', () => {
    expect(foldSeries(series([9, 2, 3]), 'testAccuracy', 1).map(({ epoch }) => epoch)).toEqual([
      1, 2,
    ]);
  });

  it('mark the best epoch of every run with a circle on its curve', () => {
    const svg = drawSvg(
      trainingCurves,
      chart(0, series([1, 3, 2])),
      buildOptions('training-curves'),
    );
    const [circle] = Array.from(svg.getElementsByTagName('circle'));
    const line = Array.from(svg.getElementsByTagName('path')).at(-1)?.getAttribute('d') ?? '';
    const second = line.split('L')[1];
    expect(second).toBe(`${circle?.getAttribute('cx') ?? ''} ${circle?.getAttribute('cy') ?? ''}`);
  });
});

describe('the untrained network', () => {
  const draw = (fromEpoch: number, ...columns: (number | null)[][]) => {
    const data: TrainingCurvesData = {
      metrics: ['testAccuracy'],
      fromEpoch,
      haveOneObjective: true,
      versions: [1],
      series: columns.map((values, i) => ({
        name: `run ${i}`,
        paradigm: 'C',
        runs: [
          { run: labelOf('C', i), bestEpoch: null, values: { testAccuracy: values }, images: {} },
        ],
      })),
    };
    const options = buildOptions('training-curves');
    const svg = drawSvg(trainingCurves, data, options);
    return { texts: textsOf(svg), svg, caption: trainingCurves.caption(data) };
  };

  it('is said with its value where it lies beyond the axis, and does not widen it', () => {
    const { texts, caption } = draw(1, [10.24, 97, 98, 99]);
    expect(texts).toContain('10.2');
    expect(texts).toContain('0');
    expect(Math.min(...texts.map(Number).filter((value) => value > 20))).toBeGreaterThanOrEqual(97);
    expect(caption).toContain('from 1 on (left of the break: the untrained network, epoch 0');
  });

  it('is one value or a range of them', () => {
    expect(draw(1, [10.2, 97, 98], [10.2, 96, 98]).texts.filter((text) => text === '10.2')).toEqual(
      ['10.2'],
    );
    expect(draw(1, [10.2, 97, 98], [11.9, 96, 98], [11, 95, 97]).texts).toEqual(
      expect.arrayContaining(['10.2–', '11.9']),
    );
  });

  it('is a dash at its height where the axis reaches it', () => {
    const { svg, texts } = draw(1, [40, 30, 50]);
    const dash = Array.from(svg.getElementsByTagName('line')).filter(
      (line) => line.getAttribute('stroke') === '#0072b2',
    );
    // Without the legend's line, one is left.
    const y = dash.at(-1)?.getAttribute('y1');
    const tick = Array.from(svg.getElementsByTagName('text')).find(
      ({ textContent }) => textContent === '40',
    );
    const { fontSizePt } = buildOptions('training-curves').style;
    expect(Number(y)).toBeCloseTo(Number(tick?.getAttribute('y')) - 0.35 * fontSizePt, 2);
    expect(texts.filter((text) => text.startsWith('40'))).toEqual(['40']);
  });

  it('is all there is of a run that has only begun', () => {
    const { texts } = draw(1, [10.24]);
    expect(texts).toContain('10.0');
    expect(texts).not.toContain('10.2');
  });

  it('is not spoken of where it has no values, and is a point like others from epoch 0 on', () => {
    expect(draw(1, [null, 97, 98]).caption).toContain('By epoch from 1 on, on digits');
    expect(draw(1, [null, 97, 98]).texts).not.toContain('0');
    expect(draw(0, [10.24, 97, 98]).caption).toContain('(0 is the untrained network)');
    expect(draw(0, [10.24, 97, 98]).texts).not.toContain('10.2');
  });
});

describe('a band', () => {
  it('ends where the metric does', () => {
    const point = { epoch: 1, mean: 99, deviation: 3, count: 2 };
    expect(bandOf('testAccuracy', point)).toEqual({ low: 96, high: 100, isCut: true });
    expect(bandOf('validationLoss', { ...point, mean: 2 })).toMatchObject({ low: 0, high: 5 });
    expect(bandOf('inputCorrelation', { ...point, mean: 0 })).toMatchObject({ low: -1, high: 1 });
    expect(bandOf('falsePredictions', point)).toEqual({ low: 96, high: 102, isCut: false });
  });

  it('is said to be cut where it is', () => {
    const { series, ...rest } = figureData['training-curves'];
    const [first] = series;
    const caption = (values: number[][]): string =>
      trainingCurves.caption({
        ...rest,
        metrics: ['energyInside'],
        series: [
          {
            ...(first ?? { name: '', paradigm: 'C' as const }),
            runs: values.map((column, i) => ({
              run: labelOf('C', i),
              bestEpoch: 1,
              values: { energyInside: column },
              images: {},
            })),
          },
        ],
      });
    // Mean 0.7, standard deviation 0.42: up to 1.12.
    expect(
      caption([
        [0, 0.4],
        [0, 1],
      ]),
    ).toContain('cut where the metric can have no such values');
    expect(
      caption([
        [0, 0.4],
        [0, 0.6],
      ]),
    ).not.toContain('cut');
  });
});
