import { describe, expect, it } from 'vitest';
import type { FigureData } from '../../../src/core/figures/gather.ts';
import { AfterimageError } from '../../../src/core/errors.ts';
import { buildOptions, figureData, labelOf } from '../../support/figureData.ts';
import { bindFigure } from '../../support/figures.ts';
import { listTexts } from '../../support/textBoxes.ts';

/** Values whose texts are long: of many digits, below zero, powers of ten, alike but for the last digit. */
const values: Record<string, readonly number[]> = {
  'seven digits': [1_234_567, 9_876_543, 2_345_678, 5_000_000],
  'twenty digits': [1e20, 3e20, 7e20, 2e20],
  'negative ones': [-0.153, -0.9, -0.5, -0.42],
  'tiny ones': [3e-9, 5e-9, 1e-9, 2e-9],
  'tiny ones on both sides': [-3e-12, 5e-12, 1e-12, -2e-12],
  'both ends': [-1, 1, 0, 0.123456789],
  'ones alike': [123_456.71, 123_456.72, 123_456.73, 123_456.74],
  'equal ones': [2_000_000, 2_000_000, 2_000_000, 2_000_000],
  'wide ones': [1e-7, 1e9, 1, 0],
};

type Chart = Extract<
  keyof FigureData,
  | 'training-curves'
  | 'accuracy-fidelity'
  | 'metric-distribution'
  | 'confusion-matrix'
  | 'confidence-histogram'
  | 'reliability-diagram'
>;

/** A metric that can have such values: a correlation, or a loss. */
const metricFor = (numbers: readonly number[]): 'inputCorrelation' | 'validationLoss' =>
  numbers.every((value) => Math.abs(value) <= 1) ? 'inputCorrelation' : 'validationLoss';

/** Charts whose axes such values are on; numbers of images are no less than zero, and whole. */
const charts: { [C in Chart]?: (numbers: readonly number[]) => FigureData[C] } = {
  'training-curves': (numbers) => ({
    ...figureData['training-curves'],
    metrics: [metricFor(numbers)],
    series: [
      {
        name: 'R',
        paradigm: 'R',
        runs: [1, 2].map((seed) => ({
          run: labelOf('R', seed),
          bestEpoch: 2,
          values: { [metricFor(numbers)]: numbers.map((value) => value / seed) },
          images: {},
        })),
      },
    ],
  }),
  'accuracy-fidelity': (numbers) => {
    const [first] = figureData['accuracy-fidelity'].points;
    if (first === undefined) throw new Error('no points');
    const points = numbers.map((value, i) => ({
      ...first,
      value: String(value),
      runs: first.runs.map((run) => ({
        ...run,
        fidelity: value,
        accuracy: numbers[(i + 1) % numbers.length] ?? 0,
      })),
    }));
    const [fidelity, accuracy] = [metricFor(numbers), metricFor(numbers)];
    return { ...figureData['accuracy-fidelity'], fidelity, accuracy, points };
  },
  'metric-distribution': (numbers) => {
    const { first, second, ...rest } = figureData['metric-distribution'];
    const values = numbers.map((value) => -value);
    return { ...rest, first: { ...first, values: [...numbers] }, second: { ...second, values } };
  },
};
const counted: { [C in Chart]?: (numbers: readonly number[]) => FigureData[C] } = {
  'confidence-histogram': (counts) => ({
    ...figureData['confidence-histogram'],
    countScale: 'linear',
    series: [{ run: labelOf('R'), epoch: 4, images: 1, unsure: 1, counts: [...counts] }],
  }),
  'confusion-matrix': (counts) => ({
    ...figureData['confusion-matrix'],
    classNames: ['0', '1'],
    counts: [counts.slice(0, 2), counts.slice(2)],
    values: 'counts',
  }),
};

const labels = new Set(Object.values(values).flatMap((numbers) => numbers.map(String)));
const isCount = (name: string): boolean => /^(seven digits|equal)/.test(name);
const widths = [25, 40, 60, 84, 180, 400];

const cases = Object.entries(values).flatMap(([name, numbers]) => [
  ...Object.entries(charts).map(([template, build]) => ({ name, template, data: build(numbers) })),
  ...Object.entries(isCount(name) ? counted : {}).map(([template, build]) => ({
    name,
    template,
    data: build(numbers),
  })),
]);

describe.each(cases)('$template of $name', ({ template, data }) => {
  it.each(widths)('keeps every text inside its box at %i mm', (widthMm) => {
    const chart = template as Chart;
    const options = buildOptions(chart, { widthMm });
    let drawing;
    try {
      drawing = bindFigure(chart, data as never).draw(options);
    } catch (error) {
      // What has no room for its axes is refused, and says what would do.
      expect(error).toBeInstanceOf(AfterimageError);
      expect((error as AfterimageError).remedy).toMatch(/\d+\.\d mm|smaller font/);
      return;
    }
    const { boxes, width, height } = listTexts(drawing, options);
    expect(boxes.length).toBeGreaterThan(3);
    for (const { text, left, right, baseline, upwards, sizePt } of boxes) {
      const [along, across] = upwards ? [height, width] : [width, height];
      expect.soft(left, text).toBeGreaterThanOrEqual(-0.05);
      expect.soft(right, text).toBeLessThanOrEqual(along + 0.05);
      expect.soft(baseline - sizePt * 0.75, text).toBeGreaterThanOrEqual(-0.05);
      expect.soft(baseline, text).toBeLessThanOrEqual(across);
      expect.soft(text).not.toMatch(/NaN|Infinity|undefined/);
    }
    for (const [i, one] of boxes.entries()) {
      for (const other of boxes.slice(i + 1)) {
        // Labels of points lie where the points are.
        if ([one, other].some(({ text }) => labels.has(text) || text.includes('…'))) continue;
        if (one.upwards !== other.upwards || Math.abs(one.baseline - other.baseline) > 2) continue;
        const apart = one.right <= other.left + 0.01 || other.right <= one.left + 0.01;
        expect.soft(apart, `${one.text} and ${other.text}`).toBe(true);
      }
    }
  });
});
