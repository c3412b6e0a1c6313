import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../../src/core/errors.ts';
import { parseFigureSpec } from '../../../src/core/figures/spec.ts';
import {
  figureStyleSchema,
  mmToPt,
  ptToMm,
  resolveStyle,
  venueNames,
  type FigureStyle,
} from '../../../src/core/figures/style.ts';

function refuse(value: unknown): string {
  try {
    parseFigureSpec(value);
  } catch (error) {
    if (error instanceof AfterimageError) return `${error.message} ${error.remedy}`;
  }
  throw new Error('nothing was refused');
}

const resolve = (style: object, columns: 1 | 2 = 1): FigureStyle =>
  resolveStyle(figureStyleSchema.parse(style), columns);

describe('a specification', () => {
  it('is filled in', () => {
    expect(parseFigureSpec({ template: 'cam-pair', run: 'r', example: 3 })).toMatchObject({
      epoch: 'best',
      target: 'predicted',
      style: { venue: 'ieee', colorMap: 'viridis', background: 'white', dpi: 600 },
    });
  });

  it.each([
    [{ template: 'pie-chart' }, 'unknown template "pie-chart"', 'cam-pair'],
    [{}, 'names no template', 'Choose one of'],
    [null, 'names no template', ''],
    [{ template: 'cam-pair', run: 'r' }, 'cam-pair', '"example"'],
    [{ template: 'cam-pair', run: 'r', example: 3, epoch: -1 }, '"epoch"', ''],
    [{ template: 'cam-pair', run: 'r', example: 3, color: 'red' }, 'color', ''],
    [{ template: 'paradigm-grid', runs: ['r'], examples: [1] }, '"runs"', ''],
    [{ template: 'training-curves', runs: ['r'], metrics: ['joy'] }, '"metrics.0"', 'testAccuracy'],
    [
      { template: 'cam-pair', run: 'r', example: 3, style: { font: 'Comic Sans' } },
      '"style.font"',
      'dejavu-sans',
    ],
    [
      { template: 'cam-pair', run: 'r', example: 3, style: { venue: 'blog' } },
      'style.venue',
      'lncs',
    ],
  ])('%j is refused in one line', (value, named, remedy) => {
    const line = refuse(value);
    expect(line).toContain(named);
    expect(line).toContain(remedy);
    expect(line).not.toContain('\n');
  });

  it('is refused for a template that is no name, or one without end', () => {
    for (const template of [10n ** 40n, 5, Symbol('x')])
      expect(refuse({ template })).toContain('names no template');
    expect(refuse({ template: 'x'.repeat(9000) }).length).toBeLessThan(500);
  });
});

describe('a style', () => {
  // Widths from the templates: \columnwidth and \textwidth of IEEEtran, llncs, neurips and acmart
  // (72.27 TeX points an inch), and the publishers' millimetres.
  it.each([
    ['ieee', (252 / 72.27) * 25.4, (516 / 72.27) * 25.4, 8],
    ['lncs', 122, 122, 8],
    ['elsevier', 90, 190, 7],
    ['nature', 89, 183, 7],
    ['neurips', 139.7, 139.7, 9],
    ['acm', (241.14749 / 72.27) * 25.4, (506.295 / 72.27) * 25.4, 8],
    ['slide', 152.4, 304.8, 18],
  ])('for %s has its column', (venue, oneMm, twoMm, fontSizePt) => {
    const [one, two] = [resolve({ venue }), resolve({ venue }, 2)];
    expect(ptToMm(one.widthPt)).toBeCloseTo(oneMm, 6);
    expect(ptToMm(two.widthPt)).toBeCloseTo(twoMm, 6);
    expect(one.fontSizePt).toBe(fontSizePt);
    expect(venueNames).toContain(venue);
  });

  // \\textheight of IEEEtran (conference), llncs, elsarticle (5p), neurips and acmart (sigconf), less
  // 15 % for the caption; Nature states its own limit.
  it.each([
    ['ieee', (672 / 72.27) * 25.4 * 0.85],
    ['lncs', 193 * 0.85],
    ['elsevier', (682 / 72.27) * 25.4 * 0.85],
    ['nature', 170],
    ['neurips', 9 * 25.4 * 0.85],
    ['acm', (626 / 72.27) * 25.4 * 0.85],
    ['slide', (304.8 / 16) * 9 * 0.85],
  ])('for %s is no taller than leaves room for a caption', (venue, mm) => {
    expect(ptToMm(resolve({ venue }, 2).tallestPt)).toBeCloseTo(mm, 6);
  });

  it('has no greatest height where it is too wide for the page anyway', () => {
    expect(resolve({ venue: 'lncs', widthMm: 300 }).tallestPt).toBe(Infinity);
    expect(resolve({ venue: 'ieee', widthMm: 182 }).tallestPt).toBeLessThan(600);
  });

  it('lets what is given come before the venue', () => {
    const style = resolve({
      venue: 'nature',
      widthMm: 100,
      fontSizePt: 9,
      lineWidthPt: 1,
      font: 'serif',
    });
    expect(style.widthPt).toBeCloseTo(mmToPt(100), 9);
    expect(style).toMatchObject({ fontSizePt: 9, lineWidthPt: 1, font: 'serif' });
    expect(resolve({ widthPt: 200 }).widthPt).toBe(200);
    expect(resolve({ columns: 2 }).widthPt).toBeCloseTo((516 / 72.27) * 72, 9);
  });

  it('takes one width only', () => {
    expect(() => resolve({ widthPt: 100, columns: 1 })).toThrow(/more than once/);
  });
});
