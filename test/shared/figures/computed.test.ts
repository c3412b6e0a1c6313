import { describe, expect, it } from 'vitest';
import { confusionMatrix } from '../../../src/shared/figures/confusionMatrix.ts';
import { foldSeries } from '../../../src/shared/figures/trainingCurves.ts';
import { formatConfidence } from '../../../src/shared/figures/mapCaptions.ts';
import { metricDistribution } from '../../../src/shared/figures/metricDistribution.ts';
import { accuracyFidelity } from '../../../src/shared/figures/accuracyFidelity.ts';
import { decideAll } from '../../../src/shared/figures/columns.ts';
import { trainingCurves } from '../../../src/shared/figures/trainingCurves.ts';
import { createSvgDocument } from '../../../src/main/export/svgDocument.ts';
import { buildOptions, figureData, labelOf } from '../../support/figureData.ts';

const textsOf = (element: SVGElement): string[] =>
  Array.from(element.getElementsByTagName('text'), ({ textContent }) => textContent);

describe('training curves', () => {
  const run = (seed: number, values: (number | null)[]) => ({
    run: labelOf('R', seed),
    bestEpoch: 1,
    values: { testAccuracy: values },
  });
  const series = (...columns: (number | null)[][]) => ({
    name: 'R',
    paradigm: 'R' as const,
    runs: columns.map((values, i) => run(i, values)),
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
    const data = { metrics: ['testAccuracy' as const], fromEpoch: 0, series: [series([1, 3, 2])] };
    const svg = trainingCurves.render(data, buildOptions('training-curves'), createSvgDocument());
    const [circle] = Array.from(svg.getElementsByTagName('circle'));
    const line = Array.from(svg.getElementsByTagName('path')).at(-1)?.getAttribute('d') ?? '';
    const second = line.split('L')[1];
    expect(second).toBe(`${circle?.getAttribute('cx') ?? ''} ${circle?.getAttribute('cy') ?? ''}`);
  });
});

describe('a confusion matrix', () => {
  const data = figureData['confusion-matrix'];
  const draw = (values: 'counts' | 'rates') =>
    textsOf(
      confusionMatrix.render(
        { ...data, values },
        buildOptions('confusion-matrix'),
        createSvgDocument(),
      ),
    ).slice(0, 9);

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
    const svg = accuracyFidelity.render(
      figureData['accuracy-fidelity'],
      buildOptions('accuracy-fidelity'),
      createSvgDocument(),
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

  it('labels R by the swept weight, and C not: it has none', () => {
    const svg = accuracyFidelity.render(
      figureData['accuracy-fidelity'],
      buildOptions('accuracy-fidelity'),
      createSvgDocument(),
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
    expect(caption).toContain('2 images are left out');
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
