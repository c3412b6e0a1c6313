import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Drawing, FontWeight, TextShape } from '../../../src/core/figures/drawing/shapes.ts';
import { writeSvg } from '../../../src/core/figures/drawing/svg.ts';
import { loadFonts } from '../../../src/main/export/fonts.ts';
import { renderPng } from '../../../src/main/export/png.ts';
import { outlineOtherText } from '../../../src/main/export/textOutlines.ts';
import { buildOptions } from '../../support/figureData.ts';

const place = { kind: 'text', x: 100, y: 30, sizePt: 20, fill: '#000000' } as const;

const drawText = (text: Partial<TextShape>): Drawing => ({
  widthPt: 200,
  heightPt: 200,
  title: 'text',
  background: '#ffffff',
  font: 'sans',
  shapes: [{ ...place, text: '', weight: 'normal', anchor: 'start', isUpwards: false, ...text }],
});

interface Ink {
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Of the page. */
  share: number;
}

/** Where a PNG of the text at 72 dpi, one pixel for each pt, is not white. */
async function findInk(shape: Partial<TextShape>): Promise<Ink> {
  const drawing = drawText(shape);
  const fonts = await loadFonts('sans', [shape.text ?? '']);
  const { style } = buildOptions('cam-pair', { widthPt: 200, dpi: 72 });
  const png = await renderPng(writeSvg(outlineOtherText(drawing, fonts)), 200, style);
  const { data } = await sharp(png)
    .extractChannel('red')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const ink = Array.from(data.keys()).filter((i) => (data[i] ?? 255) < 200);
  const [columns, rows] = [ink.map((i) => i % 200), ink.map((i) => Math.floor(i / 200))];
  return {
    left: Math.min(...columns),
    right: Math.max(...columns),
    top: Math.min(...rows),
    bottom: Math.max(...rows),
    share: data.reduce((sum, value) => sum + 1 - value / 255, 0) / data.length,
  };
}

describe('text of other scripts in a PNG', () => {
  it.each([
    ['start', 100],
    ['middle', 60],
    ['end', 20],
  ] as const)('of four ideographs stands %s from its anchor on', async (anchor, from) => {
    // Each is one em, 20 pt, wide and a little less drawn.
    const { left, right, bottom } = await findInk({ text: '漢国漢国', anchor });
    expect(left).toBeGreaterThanOrEqual(from);
    expect(left).toBeLessThan(from + 4);
    expect(right).toBeLessThan(from + 80);
    expect(right).toBeGreaterThan(from + 74);
    expect(Math.abs(bottom - 31)).toBeLessThanOrEqual(1);
  });

  it('reads upwards where it is turned', async () => {
    const { left, right, top, bottom } = await findInk({ text: '漢国', y: 150, isUpwards: true });
    expect(bottom).toBeLessThanOrEqual(150);
    expect(top).toBeGreaterThan(150 - 41);
    expect(top).toBeLessThan(150 - 34);
    expect(right - left).toBeLessThanOrEqual(20);
  });

  it('is bold where it is bold, from every font', async () => {
    const inkOf = async (text: string, weight: FontWeight) =>
      (await findInk({ text, weight, x: 10 })).share;
    for (const text of ['漢国', 'قطة', 'बिल्ली']) {
      expect(await inkOf(text, 'bold')).toBeGreaterThan(1.15 * (await inkOf(text, 'normal')));
    }
  });

  it('shows every part of a text of many fonts', async () => {
    const shareOf = async (text: string): Promise<number> => (await findInk({ text, x: 10 })).share;
    const parts = ['🐈', '👩‍🚀', 'हिन्दी', '猫'];
    const alone = await Promise.all(parts.map(shareOf));
    const together = await shareOf(parts.join(''));
    const sum = alone.reduce((total, share) => total + share);
    // But for what smoothing makes of other fractions of a pixel.
    expect(Math.abs(together / sum - 1)).toBeLessThan(0.02);
  });
});

it('text of the figure’s own font stays text', async () => {
  const drawing = drawText({ text: 'Größe α חתול' });
  expect(outlineOtherText(drawing, await loadFonts('sans', []))).toEqual(drawing);
});
