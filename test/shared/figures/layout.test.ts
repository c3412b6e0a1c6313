import { describe, expect, it } from 'vitest';
import { templates, type Template } from '../../../src/shared/figures/spec.ts';
import { venueNames } from '../../../src/shared/figures/style.ts';
import { bindFigure } from '../../../src/shared/figures/templates.ts';
import { createSvgDocument } from '../../../src/main/export/svgDocument.ts';
import { buildOptions, figureData } from '../../support/figureData.ts';

interface Box {
  text: string;
  left: number;
  right: number;
  baseline: number;
  upwards: boolean;
  sizePt: number;
}

/** Every text with its extent on the page. */
function listTexts(
  template: Template,
  style: object,
): { boxes: Box[]; width: number; height: number } {
  const options = buildOptions(template, style);
  const svg = bindFigure(template, figureData[template]).render(options, createSvgDocument());
  const [, , width = 0, height = 0] = (svg.getAttribute('viewBox') ?? '').split(' ').map(Number);
  const boxes = Array.from(svg.getElementsByTagName('text'), (element): Box => {
    let [dx, dy] = [0, 0];
    for (let at = element.parentNode; at !== svg; at = at?.parentNode ?? null) {
      const moved = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(
        (at as Element).getAttribute('transform') ?? '',
      );
      [dx, dy] = [dx + Number(moved?.[1] ?? 0), dy + Number(moved?.[2] ?? 0)];
    }
    const sizePt = Number(element.getAttribute('font-size'));
    const bold = element.getAttribute('font-weight') === 'bold';
    const text = element.textContent;
    const length = options.measureText(text, sizePt, bold ? 'bold' : 'normal');
    const anchor = element.getAttribute('text-anchor');
    const before = anchor === 'end' ? length : anchor === 'middle' ? length / 2 : 0;
    const upwards = element.getAttribute('transform')?.startsWith('rotate(-90') === true;
    const [x, y] = [dx + Number(element.getAttribute('x')), dy + Number(element.getAttribute('y'))];
    return upwards
      ? { text, sizePt, upwards, left: y + before - length, right: y + before, baseline: x }
      : { text, sizePt, upwards, left: x - before, right: x - before + length, baseline: y };
  });
  return { boxes, width, height };
}

const cases = templates.flatMap((template) =>
  venueNames.flatMap((venue) => ([1, 2] as const).map((columns) => ({ template, venue, columns }))),
);

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

describe('a width that is too little', () => {
  it.each(templates)('is refused for %s, with the width that would do', (template) => {
    const draw = (widthMm: number): SVGElement =>
      bindFigure(template, figureData[template]).render(
        buildOptions(template, { widthMm }),
        createSvgDocument(),
      );
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
