import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { writeSvg } from '../../../src/core/figures/drawing/svg.ts';
import { renderPng } from '../../../src/main/export/png.ts';
import { makeTemporaryFolder, removeFolder } from '../../support/digits.ts';
import { drawCellsAlone, findWorstPixel } from '../../support/cellEdges.ts';
import { readDrawing } from '../../support/drawnSvg.ts';
import { buildOptions, figureData } from '../../support/figureData.ts';
import { bindFigure } from '../../support/figures.ts';
import { expectMapColors } from '../../support/mapPixels.ts';
import { needTool, runTool } from '../../support/tools.ts';

const folder = makeTemporaryFolder();
afterAll(() => {
  removeFolder(folder);
});

const { map } = figureData['cam-pair'];

async function draw(style: object): Promise<{ png: Uint8Array; element: SVGElement }> {
  const options = buildOptions('cam-pair', style);
  const figure = bindFigure('cam-pair', figureData['cam-pair']);
  const drawing = figure.draw(options);
  const png = await renderPng(writeSvg(drawing), drawing.heightPt, options.style);
  return { element: readDrawing(drawing), png };
}

describe('a PNG', () => {
  it.each([150, 600])('of %i dpi has the pixels and the physical size asked for', async (dpi) => {
    const { png } = await draw({ widthMm: 84, dpi });
    const { width, density } = await sharp(png).metadata();
    expect(width).toBe(Math.round((84 / 25.4) * dpi));
    expect(density).toBe(dpi);
  });

  it('has its density where other programs look for it', async (context) => {
    needTool(context, 'identify');
    const path = join(folder, 'f.png');
    writeFileSync(path, (await draw({ dpi: 300 })).png);
    const [x, y] = runTool('identify', ['-units', 'PixelsPerInch', '-format', '%x %y', path])
      .split(' ')
      .map(Number);
    expect(x).toBeCloseTo(300, 1);
    expect(y).toBeCloseTo(300, 1);
  });

  it('shows every cell of a map in the colour of its value', async () => {
    const { png, element } = await draw({ dpi: 300 });
    await expectMapColors(element, map.cam, { png, dpi: 300 });
  });

  it.each([300, 451, 600])('has no streaks between cells at %i dpi', async (dpi) => {
    for (const sidePt of [50, 33.3]) {
      const drawing = drawCellsAlone(sidePt);
      const { style } = buildOptions('cam-pair', { widthPt: drawing.widthPt, dpi });
      const png = await renderPng(writeSvg(drawing), drawing.heightPt, style);
      const { data, info } = await sharp(png)
        .extractChannel('red')
        .raw()
        .toBuffer({ resolveWithObject: true });
      const drawn = (info.width / drawing.widthPt) * 72;
      expect(findWorstPixel(drawing, data, info.width, drawn)).toBeLessThanOrEqual(1);
    }
  });

  it('is white or transparent where nothing is drawn', async () => {
    const corner = async (background: string): Promise<number[]> => {
      const { png } = await draw({ dpi: 100, background });
      const { data, info } = await sharp(png)
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      return [...data.subarray((info.width * info.height - 1) * 4)];
    };
    expect(await corner('white')).toEqual([255, 255, 255, 255]);
    expect((await corner('transparent'))[3]).toBe(0);
  });

  it('has the same bytes again', async () => {
    expect((await draw({ dpi: 100 })).png).toEqual((await draw({ dpi: 100 })).png);
  });

  it('is refused where it would not fit into memory', async () => {
    await expect(draw({ widthMm: 2000, dpi: 2400 })).rejects.toThrow(/pixels is too large/);
  });
});
