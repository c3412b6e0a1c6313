import { describe, expect, it } from 'vitest';
import type { FigureData } from '../../../../src/core/figures/gather.ts';
import type { FigureStyle } from '../../../../src/core/figures/style.ts';
import { venueNames } from '../../../../src/core/figures/style.ts';
import { readDrawing } from '../../../support/drawnSvg.ts';
import { buildImage, buildMap, buildOptions, figureData } from '../../../support/figureData.ts';
import { bindFigure } from '../../../support/figures.ts';

type GridData = FigureData['misclassified-grid'];

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const gridOf = (count: number, name?: string): GridData => ({
  ...figureData['misclassified-grid'],
  perRow: 1,
  examples: range(count).map((id) => ({
    image: { ...buildImage(id % 10), labelName: name ?? String(id % 10) },
    map: { ...buildMap(id % 10, 4, { correct: false }), ...(name && { predictedName: name }) },
  })),
});

/** Draws in a style of which some lengths are given, each character half its size wide. */
function draw(data: GridData, style: Partial<FigureStyle>): SVGElement {
  const options = buildOptions('misclassified-grid');
  const drawing = bindFigure('misclassified-grid', data).draw({
    ...options,
    style: { ...options.style, ...style },
    measureText: (text, sizePt) => (text.length * sizePt) / 2,
  });
  return readDrawing(drawing);
}

interface Square {
  x: number;
  y: number;
  side: number;
}

/** Where every picture's frame lies on the page. */
function listPictures(svg: SVGElement): Square[] {
  return Array.from(svg.getElementsByTagName('rect'))
    .filter((rect) => rect.getAttribute('stroke') === '#808080')
    .map((rect) => {
      let [x, y] = [Number(rect.getAttribute('x')), Number(rect.getAttribute('y'))];
      for (let at = rect.parentNode as Element | null; at && at !== svg;) {
        const [dx = 0, dy = 0] = (at.getAttribute('transform') ?? '')
          .replace(/translate\(|\)/g, '')
          .split(' ')
          .map(Number);
        [x, y] = [x + dx, y + dy];
        at = at.parentNode as Element | null;
      }
      return { x, y, side: Number(rect.getAttribute('width')) };
    });
}

const heightOf = (svg: SVGElement): number => Number(svg.getAttribute('viewBox')?.split(' ')[3]);
const textsOf = (svg: SVGElement): string[] =>
  Array.from(svg.getElementsByTagName('text'), ({ textContent }) => textContent);

describe('rows of pictures', () => {
  // Four rows of two pictures on a page of 200.5 pt. One abreast: (200.5 - 4 - 0.5) / 2 = 98 pt
  // wide, each with a line of 10 pt and 5 pt below: 4 * 113 + 1 = 453 pt, and 1 pt above.
  // Two abreast: (200.5 - 2 * 4 - 9 - 0.5) / 4 = 45.75 pt, 2 * 60.75 + 1 = 122.5 pt.
  const plain = { widthPt: 200.5, colorBar: false, fontSizePt: 8 };

  it('stand one below the other where the page is tall enough', () => {
    const svg = draw(gridOf(4), { ...plain, tallestPt: 460 });
    expect(listPictures(svg)[0]?.side).toBeCloseTo(98, 2);
    expect(heightOf(svg)).toBeCloseTo(454, 0);
  });

  it('stand abreast where that makes the pictures larger', () => {
    const svg = draw(gridOf(4), { ...plain, tallestPt: 150 });
    const pictures = listPictures(svg);
    expect(pictures.map(({ side }) => side)).toEqual(new Array<number>(8).fill(45.75));
    expect(heightOf(svg)).toBeCloseTo(123.5, 0);
    // Image and map of the first row, then those of the second beside them.
    [0.25, 50, 104.75, 154.5].forEach((x, i) => {
      expect(pictures[i]?.x).toBeCloseTo(x, 2);
      expect(pictures[i]?.y).toBeCloseTo(pictures[0]?.y ?? 0, 2);
    });
    expect(pictures[4]?.y).toBeCloseTo((pictures[0]?.y ?? 0) + 60.75, 2);
  });

  it('shrink in the middle of the page where that leaves them larger than more abreast', () => {
    // 400 pt are 54 too few for one abreast: 98 - 54 / 4 = 84.5 pt, more than 45.75.
    const pictures = listPictures(draw(gridOf(4), { ...plain, tallestPt: 400 }));
    expect(pictures[0]?.side).toBeCloseTo(84.5, 0);
    const [first, last] = [pictures[0]?.x ?? 0, pictures[1]?.x ?? 0];
    expect(first).toBeCloseTo(200.5 - (last + (pictures[1]?.side ?? 0)), 2);
  });

  it('keep their names whole on a short page, unless the width alone cuts them', () => {
    const name = 'a name of 84 points!!';
    const svg = draw(gridOf(4, name), { ...plain, tallestPt: 450 });
    expect(textsOf(svg).filter((text) => text === name)).toHaveLength(8);
    expect(() => draw(gridOf(4, name), { ...plain, tallestPt: 150 })).toThrow(
      '4 images, each with its map, are too many for one page',
    );
    const longer = `${name} and more than any page holds`;
    expect(textsOf(draw(gridOf(1, longer), { ...plain, tallestPt: 450 }))[0]).toContain('…');
  });

  it('are refused where they are too many, with the number that the page holds', () => {
    const style = { ...plain, tallestPt: 150 };
    const refuse = (count: number): string => {
      try {
        draw(gridOf(count), style);
        return '';
      } catch (error) {
        return (error as { remedy: string }).remedy;
      }
    };
    const most = Number(/at most (\d+) in one figure/.exec(refuse(300))?.[1]);
    expect(most).toBeGreaterThan(4);
    expect(() => draw(gridOf(most), style)).not.toThrow();
    expect(refuse(most + 1)).toContain(`at most ${most} `);
  });
});

describe.each(venueNames)('for %s', (venue) => {
  it.each([1, 2] as const)(
    'in %i column(s), ten rows fit the page with their caption',
    (columns) => {
      const [pair] = figureData['paradigm-grid'].rows;
      const [strip] = figureData['cam-evolution'].rows;
      if (pair === undefined || strip === undefined) throw new Error('no data');
      const count = venue === 'slide' ? 2 : 10;
      const drawings = [
        bindFigure('paradigm-grid', {
          ...figureData['paradigm-grid'],
          rows: range(count).map(() => pair),
        }),
        bindFigure('cam-evolution', {
          ...figureData['cam-evolution'],
          rows: range(count).map(() => strip),
        }),
        bindFigure('misclassified-grid', gridOf(count)),
      ];
      const options = buildOptions('misclassified-grid', { venue, columns });
      for (const [i, figure] of drawings.entries()) {
        const svg = readDrawing(figure.draw(options));
        const { widthPt, tallestPt } = options.style;
        expect(heightOf(svg)).toBeLessThanOrEqual(tallestPt + 0.02);
        const pictures = listPictures(svg);
        expect(pictures).toHaveLength(count * ([4, 3, 2][i] ?? 0));
        for (const { x, side } of pictures) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x + side).toBeLessThanOrEqual(widthPt);
        }
      }
    },
  );
});
