import { describe, expect, it } from 'vitest';
import { confusionMatrix } from '../../../src/core/figures/confusionMatrix.ts';
import { formatConfidence } from '../../../src/core/figures/mapCaptions.ts';
import { metricDistribution } from '../../../src/core/figures/metricDistribution.ts';
import { accuracyFidelity } from '../../../src/core/figures/accuracyFidelity.ts';
import { decideAll } from '../../../src/core/figures/columns.ts';
import { trainingCurves } from '../../../src/core/figures/trainingCurves.ts';
import {
  bandOf,
  foldSeries,
  type CurveSeries,
  type TrainingCurvesData,
} from '../../../src/core/figures/curveSeries.ts';
import { drawSvg } from '../../support/drawnSvg.ts';
import { buildOptions, figureData, labelOf } from '../../support/figureData.ts';

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

describe('accuracy against fidelity', () => {
  it('draws the interval of two seeds: 12.706 · SD / sqrt(2) to either side', () => {
    const svg = drawSvg(
      accuracyFidelity,
      figureData['accuracy-fidelity'],
      buildOptions('accuracy-fidelity'),
    );
    const bars = Array.from(svg.getElementsByTagName('line')).filter(
      (line) => line.getAttribute('stroke') === '#d55e00' && !line.hasAttribute('stroke-dasharray'),
    );
    const of = (line: Element | undefined, name: string): number =>
      Number(line?.getAttribute(name));
    const [across, along] = bars;
    const ratio = (of(along, 'y1') - of(along, 'y2')) / (of(across, 'x2') - of(across, 'x1'));
    // Accuracies 98.25 and 98.5, fidelities 0.51 and 0.52: the interval of the accuracy is
    // 12.706 · 0.25, that of the fidelity 12.706 · 0.01. On the axes, both are scaled to pixels.
    const texts = Array.from(svg.getElementsByTagName('text'));
    const place = (text: string, name: 'x' | 'y'): number =>
      Number(texts.find(({ textContent }) => textContent === text)?.getAttribute(name));
    const perPercent = place('97', 'y') - place('98', 'y');
    const perTenth = place('0.6', 'x') - place('0.5', 'x');
    expect(ratio).toBeCloseTo((0.25 * perPercent) / (0.1 * perTenth), 1);
    expect(of(along, 'y1') - of(along, 'y2')).toBeCloseTo(12.7062 * 0.25 * perPercent, 0);
  });

  it('ends an interval where the metric does, and says so', () => {
    const data = figureData['accuracy-fidelity'];
    const [, swept] = data.points;
    const runs = (swept?.runs ?? []).map((run, i) => ({ ...run, accuracy: 97 + 2 * i }));
    const cut = { ...data, points: swept ? [{ ...swept, runs }] : [] };
    const options = buildOptions('accuracy-fidelity');
    const svg = drawSvg(accuracyFidelity, cut, options);
    const along = Array.from(svg.getElementsByTagName('line')).filter(
      (line) =>
        line.getAttribute('stroke') === '#d55e00' &&
        line.getAttribute('x1') === line.getAttribute('x2'),
    );
    // 98 ± 12.7 reaches from 85.3 to 110.7.
    const tick = Array.from(svg.getElementsByTagName('text')).find(
      ({ textContent }) => textContent === '100',
    );
    const top = Math.min(...along.map((line) => Number(line.getAttribute('y2'))));
    expect(top).toBeCloseTo(Number(tick?.getAttribute('y')) - 0.35 * options.style.fontSizePt, 2);
    expect(accuracyFidelity.caption(cut)).toContain('cut where the metric can have no such values');
    expect(accuracyFidelity.caption(data)).not.toContain('cut where');
  });

  it('names the run of a paradigm that is one point', () => {
    const data = figureData['accuracy-fidelity'];
    const options = buildOptions('accuracy-fidelity');
    const texts = textsOf(drawSvg(accuracyFidelity, data, options));
    expect(texts).toContain('Paradigm C: digits C');
    expect(texts).toContain('Paradigm R, labelled by camWeight');
  });

  it('labels R by the swept weight, and C not: it has none', () => {
    const svg = drawSvg(
      accuracyFidelity,
      figureData['accuracy-fidelity'],
      buildOptions('accuracy-fidelity'),
    );
    const texts = textsOf(svg);
    expect(texts).toContain('0.1');
    expect(texts).toContain('10');
    expect(texts).not.toContain('1');
  });
});

describe('a metric’s distribution', () => {
  it('says the mean difference and its sign', () => {
    // Differences 0.2, 0.4, 0, 0.3: mean 0.225, three of four above zero.
    const caption = metricDistribution.caption(figureData['metric-distribution']);
    expect(caption).toContain('R − C: mean 0.225, positive for 75.0% of the images');
    expect(caption).toContain(
      '2 of their 6 common test images are left out, for which the metric is undefined: 2 under C, 1 under R.',
    );
  });

  it('tabulates what it leaves out as missing', () => {
    const { rows } = metricDistribution.tabulate(figureData['metric-distribution']);
    expect(rows).toContainEqual([6, null, 0.5]);
    expect(rows).toContainEqual([21, null, null]);
  });

  it('counts on a logarithmic scale where most bins would vanish beside one', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i < 990 ? 1 : (i - 989) / 20));
    const side = { run: labelOf('C'), epoch: 1, values };
    const exampleIds = values.map((_, i) => i);
    const data = { ...figureData['metric-distribution'], first: side, second: side, exampleIds };
    const isLog = (countScale: 'auto' | 'linear'): boolean =>
      metricDistribution.caption({ ...data, countScale }).includes('logarithmic');
    expect(isLog('auto')).toBe(true);
    expect(isLog('linear')).toBe(false);
    expect(metricDistribution.caption(figureData['metric-distribution'])).not.toContain(
      'logarithmic',
    );
  });
});

describe('confidence', () => {
  it('is not rounded up to certainty', () => {
    expect([0.934, 0.9951, 0.9999, 1].map(formatConfidence)).toEqual([
      '0.93',
      '>0.99',
      '>0.99',
      '1.00',
    ]);
  });

  it('is that of the first of equal classes', () => {
    const decisions = decideAll({
      epoch: 1,
      classes: 2,
      exampleIds: Uint32Array.of(3, 5),
      labels: Uint8Array.of(1, 1),
      probabilities: Float32Array.of(0.5, 0.5, 0.25, 0.75),
      inputCorrelation: new Float32Array(2),
      energyInside: new Float32Array(2),
      iou: new Float32Array(2),
    });
    expect(Array.from(decisions.predictedClasses)).toEqual([0, 1]);
    expect(Array.from(decisions.confidence)).toEqual([0.5, 0.75]);
    expect(decisions.correct).toEqual([false, true]);
  });
});
