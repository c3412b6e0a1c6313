import { describe, expect, it } from 'vitest';
import type { Drawing } from '../../../src/core/figures/drawing/shapes.ts';
import { templates, type Template } from '../../../src/core/figures/spec.ts';
import { venueNames } from '../../../src/core/figures/style.ts';
import { readDrawing } from '../../support/drawnSvg.ts';
import { buildImage, buildMap, buildOptions, figureData } from '../../support/figureData.ts';
import { bindFigure } from '../../support/figures.ts';
import { listTexts as listDrawnTexts } from '../../support/textBoxes.ts';

/** Every text of a template's fixed data. */
function listTexts(template: Template, style: object, heading?: string) {
  const options = { ...buildOptions(template, style), heading };
  return listDrawnTexts(bindFigure(template, figureData[template]).draw(options), options);
}

/** Their panels stand one below the other in half a slide's width, which is too short for that. */
const tooTall: readonly string[] = [
  'training-curves',
  'reliability-diagram',
  'metric-distribution',
  'sanity-cascade',
  'deletion-insertion',
];

const all = templates.flatMap((template) =>
  venueNames.flatMap((venue) => ([1, 2] as const).map((columns) => ({ template, venue, columns }))),
);
const isTooTall = ({ template, venue, columns }: (typeof all)[number]): boolean =>
  venue === 'slide' && columns === 1 && tooTall.includes(template);
const cases = all.filter((one) => !isTooTall(one));

it.each(all.filter(isTooTall))('$template is refused in one column of a slide', ({ template }) => {
  expect(() => listTexts(template, { venue: 'slide', columns: 1 })).toThrow(
    /The figure would be \d+\.\d mm tall, and the venue's page leaves 145\.0 mm/,
  );
});

describe.each(cases)('$template for $venue, $columns column(s)', ({ template, venue, columns }) => {
  const { boxes, width, height } = listTexts(template, { venue, columns });

  it('keeps every text on the page, at the asked size', () => {
    const [rooms, tolerance] = [{ across: width, along: height }, 0.05];
    const { fontSizePt } = buildOptions(template, { venue, columns }).style;
    for (const { text, left, right, baseline, upwards, sizePt } of boxes) {
      const [length, breadth] = upwards ? [rooms.along, rooms.across] : [rooms.across, rooms.along];
      expect.soft(left, text).toBeGreaterThanOrEqual(-tolerance);
      expect.soft(right, text).toBeLessThanOrEqual(length + tolerance);
      expect.soft(baseline - sizePt * 0.75, text).toBeGreaterThanOrEqual(-tolerance);
      expect.soft(baseline, text).toBeLessThanOrEqual(breadth);
      expect.soft(sizePt, text).toBe(fontSizePt);
    }
  });

  it('leaves room for the caption on its page', () => {
    const { tallestPt } = buildOptions(template, { venue, columns }).style;
    // Heights are rounded up to a hundredth of a point.
    expect(height).toBeLessThanOrEqual(tallestPt + 0.01);
  });

  it('lets no two texts of one line touch', () => {
    for (const [i, one] of boxes.entries()) {
      for (const other of boxes.slice(i + 1)) {
        if (one.upwards !== other.upwards || Math.abs(one.baseline - other.baseline) > 2) continue;
        const apart = one.right <= other.left + 0.01 || other.right <= one.left + 0.01;
        expect.soft(apart, `${one.text} and ${other.text}`).toBe(true);
      }
    }
  });
});

describe('a title that somebody gave', () => {
  const heading = 'How often R is right, how sure it is, and where it looks';

  it.each(templates)('stands above %s, in full, and changes nothing else', (template) => {
    const plain = listTexts(template, {});
    const { boxes, height } = listTexts(template, {}, heading);
    const lines = boxes.slice(0, boxes.length - plain.boxes.length);
    expect(lines.map(({ text }) => text).join(' ')).toBe(heading);
    const rest = boxes.slice(lines.length);
    expect(rest.map(({ text }) => text)).toEqual(plain.boxes.map(({ text }) => text));
    const last = Math.max(...lines.map(({ baseline }) => baseline));
    for (const { baseline, sizePt, upwards } of rest) {
      if (!upwards) expect(baseline - sizePt * 0.75).toBeGreaterThan(last);
    }
    expect(height - plain.height).toBeCloseTo((lines.length * 1.25 + 0.35) * 8, 1);
  });

  it('is broken into lines that fit', () => {
    const { boxes, width } = listTexts('cam-pair', { widthMm: 50 }, heading);
    const lines = boxes.slice(0, 3);
    expect(lines.map(({ text }) => text).join(' ')).toContain(heading.slice(0, 30));
    for (const { left, right } of lines) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(width);
    }
  });
});

describe('long names of classes', () => {
  const textsOf = (labelName: string, widthMm: number): string[] => {
    const { image, map, ...data } = figureData['cam-pair'];
    const named = {
      ...data,
      image: { ...image, labelName },
      map: { ...map, targetName: labelName, predictedName: labelName },
    };
    const svg = readDrawing(
      bindFigure('cam-pair', named).draw(buildOptions('cam-pair', { widthMm, colorBar: false })),
    );
    return Array.from(svg.getElementsByTagName('text'), ({ textContent }) => textContent);
  };

  it('are said with what they are where there is room', () => {
    const texts = textsOf('Ankle boot', 100);
    expect(texts).toContain('label Ankle boot');
    expect(texts).toContain('CAM, class Ankle boot');
    expect(texts).toContain('predicted Ankle boot (0.93)');
  });

  it('lose the words around them before they are cut', () => {
    // 50 mm leave 65 pt to each picture; in Arimo at 8 pt the name takes 60.
    const name = 'Ankle boot, hi.';
    const texts = textsOf(name, 50);
    expect(texts.filter((text) => text === name)).toHaveLength(3);
    expect(texts.some((text) => text.includes('label') || text.includes('predicted'))).toBe(false);
  });

  it('give way alike in all of a grid', () => {
    const grid = figureData['low-confidence-grid'];
    const named = ['owl', 'a rather long name'].map((labelName, i) => ({
      image: { ...buildImage(i), labelName },
      map: buildMap(i, 4),
    }));
    const svg = readDrawing(
      bindFigure('low-confidence-grid', { ...grid, examples: named }).draw(
        buildOptions('low-confidence-grid', { widthPt: 300 }),
      ),
    );
    const texts = Array.from(svg.getElementsByTagName('text'), ({ textContent }) => textContent);
    expect(texts).toContain('owl');
    expect(texts).toContain('a rather long name');
  });
});

describe('a width that is too little', () => {
  it.each(templates)('is refused for %s, with the width that would do', (template) => {
    const draw = (widthMm: number): Drawing =>
      bindFigure(template, figureData[template]).draw(buildOptions(template, { widthMm }));
    expect(() => draw(8)).toThrow(/A width of 8\.0 mm is too little for/);
    const remedy = (() => {
      try {
        draw(8);
        return '';
      } catch (error) {
        return (error as { remedy: string }).remedy;
      }
    })();
    const least = Number(/at least ([\d.]+) mm/.exec(remedy)?.[1]);
    expect(least).toBeGreaterThan(8);
    expect(() => draw(least)).not.toThrow();
  });
});
