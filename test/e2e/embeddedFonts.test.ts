import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeEmbeddedSvg } from '../../src/main/export/embeddedFonts.ts';
import { createMeasure, loadFonts } from '../../src/main/export/fonts.ts';
import { launchBrowser } from '../support/browser.ts';
import { buildOptions, figureData } from '../support/figureData.ts';
import { bindFigure } from '../support/figures.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const classNames = [
  'AVATAR fish',
  '猫と犬',
  '고양이',
  'हिन्दी क्षत्रिय',
  'ที่นี่',
  '👩‍🚀',
  'חתול (א)',
  'قطة',
];

async function draw() {
  const fonts = await loadFonts('serif', classNames);
  const options = buildOptions('confusion-matrix', { font: 'serif', widthMm: 120 });
  const data = {
    ...figureData['confusion-matrix'],
    classNames,
    counts: classNames.map((_, row) => classNames.map((__, column) => row + column)),
  };
  const figure = bindFigure('confusion-matrix', data);
  const drawing = figure.draw({ ...options, measureText: createMeasure(fonts) });
  return { svg: await writeEmbeddedSvg(drawing, fonts, 'all'), measure: createMeasure(fonts) };
}

describe('an SVG with its fonts inside', () => {
  it('is set in them by a browser, as wide as it was laid out for', async () => {
    const { svg, measure } = await draw();
    const page = await browser.newPage();
    await page.setContent(svg.replace(/^<\?xml.*\?>/, ''));
    const { faces, widths } = await page.evaluate(async () => {
      await document.fonts.ready;
      return {
        faces: [...document.fonts].map(({ status }) => status),
        widths: [...document.querySelectorAll('text')].map((text) => ({
          text: text.textContent,
          sizePt: Number(text.getAttribute('font-size')),
          widthPt: text.getComputedTextLength(),
        })),
      };
    });
    expect(faces.length).toBeGreaterThan(6);
    expect(new Set(faces)).toEqual(new Set(['loaded']));
    for (const name of classNames) {
      const shown = widths.find(({ text }) => text === name);
      const expected = measure(name, shown?.sizePt ?? 0, 'normal');
      expect((shown?.widthPt ?? 0) / expected).toBeCloseTo(1, 2);
    }
    await page.close();
  });
});
