import { describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { colorMapNames } from '../../../../src/core/maps/colorMaps.ts';
import {
  drawPicture,
  type MapPicture,
  type ShownMap,
} from '../../../../src/core/figures/maps/maps.ts';
import { drawSheet } from '../../../../src/core/figures/drawing/pen.ts';
import { writeSvg } from '../../../../src/core/figures/drawing/svg.ts';
import { templates } from '../../../../src/core/figures/spec.ts';
import { renderPng } from '../../../../src/main/export/png.ts';
import { readDrawing } from '../../../support/drawnSvg.ts';
import { buildImage, buildMap, buildOptions, figureData } from '../../../support/figureData.ts';
import { bindFigure } from '../../../support/figures.ts';

interface Cell {
  x: number;
  y: number;
  width: number;
  height: number;
  fill: string;
}

/** The cells of a picture in the order in which they are painted. */
function listCells(picture: MapPicture, style: object = {}): Cell[] {
  const sheet = drawSheet(buildOptions('cam-pair', style), (pen) => {
    drawPicture(pen, picture, 0, 0, 60);
    return 60;
  });
  return Array.from(readDrawing(sheet).getElementsByTagName('path'))
    .filter((path) => (path.parentNode as Element).hasAttribute('data-picture'))
    .map((path) => {
      const [x = 0, y = 0, width = 0, height = 0] = Array.from(
        (path.getAttribute('d') ?? '').matchAll(/[\d.]+/g),
        Number,
      );
      return { x, y, width, height, fill: path.getAttribute('fill') ?? '' };
    });
}

/** The colour that a viewer shows in the middle of a cell: that of the last one painted there. */
function colorAt(cells: readonly Cell[], x: number, y: number): string | undefined {
  const [px, py] = [x + 0.5, y + 0.5];
  return cells.findLast(
    (cell) => cell.x < px && px < cell.x + cell.width && cell.y < py && py < cell.y + cell.height,
  )?.fill;
}

/** Red, green and blue, 0 to 255. */
const channelsOf = (color = ''): number[] =>
  [1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16));

/** A map whose cells have the values given, 0 elsewhere. */
function mapOf(values: Record<number, number>): MapPicture {
  const map = buildMap(3, 1);
  const cam = Float32Array.from(map.cam, (_, i) => values[i] ?? 0);
  return { kind: 'cam', map: { ...map, cam } };
}

describe('an image', () => {
  it('in colour has its colours', () => {
    const pixels = Uint8Array.of(255, 0, 0, 0, 128, 255, 1, 2, 3, 255, 255, 255);
    const cells = listCells({ kind: 'image', image: { ...buildImage(3), size: 2, pixels } });
    expect(cells.map(({ fill }) => fill)).toEqual(['#ff0000', '#0080ff', '#010203', '#ffffff']);
  });

  it('of many pixels is a bitmap, not that many cells', () => {
    const of = (size: number): MapPicture => ({
      kind: 'image',
      image: {
        ...buildImage(3),
        size,
        pixels: Uint8Array.from({ length: size ** 2 }, (_, i) => i),
      },
    });
    expect(listCells(of(96))).toHaveLength(96 ** 2);
    expect(listCells(of(97))).toHaveLength(0);
  });
});

describe('a map', () => {
  // Matplotlib's colours, to a level: ours interpolate between some of theirs.
  it.each([
    ['viridis', '#440154', '#3b528b', '#21918c', '#fde725'],
    ['inferno', '#000004', '#57106e', '#bc3754', '#fcffa4'],
    ['cividis', '#00224e', '#434e6c', '#7d7c78', '#fee838'],
    ['grey', '#000000', '#404040', '#808080', '#ffffff'],
  ])('in %s has the colour of its value in every cell', (colorMap, low, quarter, half, high) => {
    const cells = listCells(mapOf({ 0: 1, 7: 64 / 255, 35: 128 / 255 }), { colorMap });
    for (const [i, color] of [
      [0, high],
      [7, quarter],
      [35, half],
      [1, low],
    ] as const) {
      const shown = channelsOf(colorAt(cells, i % 6, Math.floor(i / 6)));
      channelsOf(color).forEach((channel, k) => {
        expect(Math.abs(channel - (shown[k] ?? NaN))).toBeLessThanOrEqual(1);
      });
    }
  });

  it('has no gap between cells: each reaches under the next', () => {
    const cells = listCells({ kind: 'cam', map: buildMap(3, 1) });
    for (let i = 0; i < 36; i += 1) {
      const edge = [i % 6, Math.floor(i / 6)] as const;
      const covering = cells.filter(
        ({ x, y, width, height }) =>
          x <= edge[0] && edge[0] < x + width && y <= edge[1] && edge[1] < y + height,
      );
      // At an inner corner four cells meet, and all that come before lie under the last.
      expect(covering.length).toBeGreaterThanOrEqual(edge[0] > 0 && edge[1] > 0 ? 2 : 1);
    }
  });

  it('does not leave its square', () => {
    for (const { x, y, width, height } of listCells({ kind: 'cam', map: buildMap(3, 1) })) {
      expect(x + width).toBeLessThanOrEqual(6);
      expect(y + height).toBeLessThanOrEqual(6);
    }
  });
});

describe('an image', () => {
  it('has its grey levels', () => {
    const cells = listCells({ kind: 'image', image: buildImage(3) });
    expect(colorAt(cells, 2, 2)).toBe('#ffffff');
    expect(colorAt(cells, 2, 3)).toBe('#303030');
  });
});

describe('a difference', () => {
  it('is white at zero, and of opposite colours for opposite signs', () => {
    const [plus, minus, none] = [mapOf({ 0: 1 }), mapOf({ 1: 1 }), mapOf({})];
    if (plus.kind !== 'cam' || minus.kind !== 'cam' || none.kind !== 'cam') throw new Error();
    const cells = listCells({ kind: 'difference', minuend: plus.map, subtrahend: minus.map });
    const [positive, negative] = [colorAt(cells, 0, 0), colorAt(cells, 1, 0)];
    expect(colorAt(cells, 2, 0)).toBe('#ffffff');
    // Orange has more red than blue, blue less: both far from white.
    const [red = 0, , blue = 0] = channelsOf(positive);
    const [otherRed = 0, , otherBlue = 0] = channelsOf(negative);
    expect(red).toBeGreaterThan(blue + 50);
    expect(otherBlue).toBeGreaterThan(otherRed + 50);
  });
});

describe('a smooth map', () => {
  it('is resampled to four times its size and keeps its place', () => {
    const picture: MapPicture = { kind: 'cam', map: buildMap(3, 1) };
    const sheet = drawSheet(buildOptions('cam-pair', { smooth: true }), (pen) => {
      drawPicture(pen, picture, 0, 0, 60);
      return 60;
    });
    const [image] = Array.from(readDrawing(sheet).getElementsByTagName('image'));
    const png = Buffer.from((image?.getAttribute('href') ?? '').split(',')[1] ?? '', 'base64');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([24, 24]);
    expect(image?.getAttribute('width')).toBe('60');
  });
});

describe('a map of zeros', () => {
  const zero: ShownMap = {
    ...buildMap(3, 1),
    camMap: new Float32Array(9),
    cam: new Float32Array(36),
    inputCorrelation: null,
  };

  /** Darkest and lightest grey level in the middle of a PNG of the map. */
  async function sample(map: ShownMap, style: object): Promise<number[]> {
    const options = buildOptions('cam-pair', { widthPt: 300, fontSizePt: 20, ...style });
    const sheet = drawSheet(options, (pen) => {
      drawPicture(pen, { kind: 'cam', map }, 0, 0, 300);
      return 300;
    });
    const png = await renderPng(writeSvg(sheet), sheet.heightPt, { ...options.style, dpi: 72 });
    const middle = { left: 130, top: 130, width: 40, height: 44 };
    const { data } = await sharp(png)
      .extract(middle)
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return [Math.min(...data), Math.max(...data)];
  }

  it.each(
    colorMapNames.flatMap((colorMap) => [true, false].map((smooth) => ({ colorMap, smooth }))),
  )('has a mark that stands out: $colorMap, smooth $smooth', async (style) => {
    const [darkest = 0, lightest = 0] = await sample(zero, style);
    expect(lightest - darkest).toBeGreaterThan(150);
  });

  it('is marked alone: a constant map that is not zero has none', async () => {
    const flat = {
      ...zero,
      camMap: new Float32Array(9).fill(1),
      cam: new Float32Array(36).fill(1),
    };
    const [darkest, lightest] = await sample(flat, {});
    expect(darkest).toBe(lightest);
  });

  it('is explained in the caption of every figure that shows one, and of no other', () => {
    const grid = figureData['low-confidence-grid'];
    const [strip] = figureData['cam-evolution'].rows;
    const [row] = figureData['paradigm-grid'].rows;
    if (strip === undefined || row === undefined) throw new Error('no data');
    const image = buildImage(3);
    const captions = [
      bindFigure('cam-pair', { ...figureData['cam-pair'], map: zero }),
      bindFigure('low-confidence-grid', { ...grid, examples: [{ image, map: zero }] }),
      bindFigure('misclassified-grid', { ...grid, examples: [{ image, map: zero }] }),
      bindFigure('cam-evolution', {
        ...figureData['cam-evolution'],
        rows: [{ ...strip, maps: [null, zero] }],
      }),
      bindFigure('paradigm-grid', {
        ...figureData['paradigm-grid'],
        rows: [{ ...row, second: zero }],
      }),
    ].map(({ caption }) => caption);
    const mark = 'A struck circle (∅) marks a map that is zero everywhere.';
    for (const caption of captions) expect(caption).toContain(mark);
    expect(captions[0]).toContain('correlation of map and image is undefined');
    for (const template of templates) {
      expect(bindFigure(template, figureData[template]).caption).not.toContain(mark);
    }
  });
});
