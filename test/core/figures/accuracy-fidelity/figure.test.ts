import { describe, expect, it } from 'vitest';
import { figure as accuracyFidelity } from '../../../../src/core/figures/accuracy-fidelity/figure.ts';
import { drawSvg } from '../../../support/drawnSvg.ts';
import { buildOptions, figureData } from '../../../support/figureData.ts';

const textsOf = (element: SVGElement): string[] =>
  Array.from(element.getElementsByTagName('text'), ({ textContent }) => textContent);

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
    expect(texts).toContain('Paradigm R, labelled by contrastive: weight');
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

  it('keeps values off each other and off the points of a cluster', () => {
    const data = figureData['accuracy-fidelity'];
    const [, swept] = data.points;
    const [run] = swept?.runs ?? [];
    if (!swept || !run) throw new Error('no point');
    // Four points a hair apart, between two that are far off.
    const spots = [0.2, 0.5, 0.502, 0.504, 0.506, 0.9].map((fidelity, i) => {
      return { ...swept, value: `0.${i}5`, runs: [{ ...run, fidelity, accuracy: 98 }] };
    });
    const options = buildOptions('accuracy-fidelity');
    const svg = drawSvg(accuracyFidelity, { ...data, points: spots }, options);
    const numberOf = (element: Element, name: string): number => Number(element.getAttribute(name));
    const labels = Array.from(svg.getElementsByTagName('text')).filter(({ textContent }) =>
      /^0\.\d5$/.test(textContent),
    );
    expect(labels).toHaveLength(6);
    const size = options.style.fontSizePt;
    const places = labels.map((label) => [numberOf(label, 'x'), numberOf(label, 'y')] as const);
    for (const [i, [x, y]] of places.entries()) {
      for (const [otherX, otherY] of places.slice(i + 1)) {
        // Three digits of 0.556 of the size and a point of 0.278; each is 0.72 high.
        const isBeside = Math.abs(x - otherX) >= 1.946 * size;
        expect(isBeside || Math.abs(y - otherY) >= 0.72 * size).toBe(true);
      }
    }
  });

  it('stands nearest to its own point where points lie one above the other', () => {
    const data = figureData['accuracy-fidelity'];
    const [, swept] = data.points;
    const [run] = swept?.runs ?? [];
    if (!swept || !run) throw new Error('no point');
    // The outer two make the plot as wide and high that the inner three are seven points apart.
    const spots = [
      { value: '1', fidelity: 0.3, accuracy: 92 },
      ...['3', '5', '7'].map((value, i) => ({ value, fidelity: 0.5, accuracy: 97.6 - 0.4 * i })),
      { value: '9', fidelity: 0.7, accuracy: 99 },
    ].map(({ value, ...figures }) => ({ ...swept, value, runs: [{ ...run, ...figures }] }));
    const options = buildOptions('accuracy-fidelity');
    const svg = drawSvg(accuracyFidelity, { ...data, points: spots }, options);
    const numberOf = (element: Element, name: string): number => Number(element.getAttribute(name));
    const circles = Array.from(svg.getElementsByTagName('circle'))
      .slice(-spots.length)
      .map((circle) => [numberOf(circle, 'cx'), numberOf(circle, 'cy')] as const);
    const gaps = circles.slice(2, 4).map(([, y], i) => y - (circles[i + 1]?.[1] ?? 0));
    for (const gap of gaps) expect(gap).toBeCloseTo(7, -0.5);
    // A digit is 0.556 of the font's size wide and 0.72 high.
    const size = options.style.fontSizePt;
    const nearest = spots.map(({ value }) => {
      const label = Array.from(svg.getElementsByTagName('text')).find(
        ({ textContent }) => textContent === value,
      );
      if (label === undefined) return -1;
      const [x, y] = [numberOf(label, 'x') + 0.278 * size, numberOf(label, 'y') - 0.36 * size];
      const distances = circles.map(([cx, cy]) => Math.hypot(cx - x, cy - y));
      return distances.indexOf(Math.min(...distances));
    });
    expect(nearest).toEqual([0, 1, 2, 3, 4]);
  });

  it('says the seeds of a configuration together, each with its epoch', () => {
    const data = figureData['accuracy-fidelity'];
    const [, swept] = data.points;
    if (!swept) throw new Error('no point');
    const runs = swept.runs.slice(0, 2).map((one, i) => {
      return {
        ...one,
        epoch: 3 + i,
        run: { ...one.run, name: `weight 1 seed ${i + 1}`, seed: i + 1 },
      };
    });
    const caption = (name: string): string =>
      accuracyFidelity.caption({ ...data, points: [{ ...swept, name, runs }] });
    expect(caption('weight 1')).toContain(
      'of weight 1 (paradigm R; seed 1, epoch 3; seed 2, epoch 4) on',
    );
    expect(caption('paradigm R')).toContain(
      'of weight 1 seed 1 (paradigm R, seed 1, epoch 3) and weight 1 seed 2 (paradigm R, seed 2, epoch 4) on',
    );
  });
});
