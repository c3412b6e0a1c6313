import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { templates, type Template } from '../../../src/core/figures/spec.ts';
import type { FigureData } from '../../../src/core/figures/gather.ts';
import type { TextShape } from '../../../src/core/figures/drawing/shapes.ts';
import { writeSvg } from '../../../src/core/figures/drawing/svg.ts';
import { createMeasure, loadFonts } from '../../../src/main/export/fonts.ts';
import { renderPdf } from '../../../src/main/export/pdf.ts';
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

const metadata = {
  title: 'A <title> & 100%',
  specification: '{"template":"cam-pair"}',
  creator: 'Afterimage 1.2.3',
  created: new Date('2026-01-02T03:04:05Z'),
};

interface Written {
  element: SVGElement;
  path: string;
  widthPt: number;
  heightPt: number;
}

async function write<T extends Template>(
  template: T,
  style: object = {},
  data: FigureData[T] = figureData[template],
): Promise<Written> {
  const options = buildOptions(template, style);
  const drawing = bindFigure(template, data).draw(options);
  const path = join(folder, `${template}.pdf`);
  writeFileSync(path, await renderPdf(drawing, metadata));
  writeFileSync(join(folder, `${template}.svg`), writeSvg(drawing));
  return {
    element: readDrawing(drawing),
    path,
    widthPt: options.style.widthPt,
    heightPt: drawing.heightPt,
  };
}

/** The lines of `pdffonts` under its heading, by its columns. */
function listFonts(path: string) {
  const [, rule = '', ...lines] = runTool('pdffonts', [path]).trimEnd().split('\n');
  const starts = [...rule.matchAll(/-+/g)].map(({ index, 0: { length } }) => [
    index,
    index + length,
  ]);
  return lines.map((line) => {
    const [name = '', type, , embedded, subset] = starts.map(([from, to]) =>
      line.slice(from, to).trim(),
    );
    return { name, type, embedded, subset };
  });
}

describe.each(templates)('the PDF of %s', (template) => {
  it('has the page that was asked for, to a tenth of a point', async (context) => {
    needTool(context, 'pdfinfo');
    for (const style of [{ venue: 'ieee' }, { venue: 'lncs', columns: 2 }, { widthMm: 133.7 }]) {
      const { path, widthPt, heightPt } = await write(template, style);
      const size = /Page size:\s+([\d.]+) x ([\d.]+) pts/.exec(runTool('pdfinfo', [path]));
      expect(Math.abs(Number(size?.[1]) - widthPt)).toBeLessThan(0.1);
      expect(Math.abs(Number(size?.[2]) - heightPt)).toBeLessThan(0.1);
      expect(runTool('pdfinfo', [path])).toMatch(/Pages:\s+1\n/);
    }
  });

  it('embeds its fonts as subsets, none of Type 3', async (context) => {
    needTool(context, 'pdffonts');
    const fonts = listFonts((await write(template)).path);
    expect(fonts.length).toBeGreaterThan(0);
    for (const { name, type, embedded, subset } of fonts) {
      expect(name).toMatch(/^[A-Z]{6}\+Arimo-(Regular|Bold)$/);
      expect({ type, embedded, subset }).toEqual({
        type: 'CID TrueType',
        embedded: 'yes',
        subset: 'yes',
      });
    }
  });

  it('is drawn from a well-formed SVG', async (context) => {
    needTool(context, 'xmllint');
    await write(template);
    expect(runTool('xmllint', ['--noout', join(folder, `${template}.svg`)])).toBe('');
  });
});

describe('a PDF', () => {
  it('holds the title and the specification', async (context) => {
    needTool(context, 'pdfinfo');
    const info = runTool('pdfinfo', [(await write('cam-pair')).path]);
    expect(info).toContain('A <title> & 100%');
    expect(info).toContain('{"template":"cam-pair"}');
    expect(info).toContain('Afterimage 1.2.3');
    expect(info).toContain('2026');
  });

  it('has the same bytes again', async () => {
    const first = readFileSync((await write('cam-evolution')).path);
    expect(readFileSync((await write('cam-evolution')).path)).toEqual(first);
  });

  it('holds its text, in every script, as text', async (context) => {
    needTool(context, 'pdftotext');
    const classNames = ['R&D <x> 5% _{}', 'חתול', 'Größe'];
    const data = { ...figureData['confusion-matrix'], classNames };
    const text = runTool('pdftotext', [(await write('confusion-matrix', {}, data)).path, '-']);
    expect(text).toContain('R&D <x> 5% _{}');
    expect(text).toContain('Größe');
    expect(text).toMatch(/חתול|לותח/);
  });

  it('holds names of scripts that the figures’ fonts lack as text, subsets of theirs inside', async (context) => {
    needTool(context, 'pdftotext');
    const classNames = ['猫と犬', '고양이', 'กา🐈'];
    const fonts = await loadFonts('sans', classNames);
    const options = { ...buildOptions('confusion-matrix'), measureText: createMeasure(fonts) };
    const data = { ...figureData['confusion-matrix'], classNames };
    const path = join(folder, 'scripts.pdf');
    const drawing = bindFigure('confusion-matrix', data).draw(options);
    const bytes = await renderPdf(drawing, metadata, fonts);
    writeFileSync(path, bytes);
    const text = runTool('pdftotext', [path, '-']);
    for (const name of classNames) expect(text).toContain(name);
    expect(
      listFonts(path).every(({ embedded, subset }) => embedded === 'yes' && subset === 'yes'),
    ).toBe(true);
    // The pieces of the fonts that it is set in have 300 kB.
    expect(bytes.length).toBeLessThan(60_000);
  });

  it('sets text from, around and up to its anchor', async (context) => {
    needTool(context, 'pdftotext');
    const anchors = { start: 'Heel', middle: 'Hemm', end: 'Hull' } as const;
    const shapes = Object.entries(anchors).map(([anchor, text], i): TextShape => {
      const place = {
        x: 100,
        y: 20 + 20 * i,
        sizePt: 8,
        weight: 'normal',
        isUpwards: false,
      } as const;
      return {
        kind: 'text',
        text,
        anchor: anchor as keyof typeof anchors,
        fill: '#000000',
        ...place,
      };
    });
    const drawing = { widthPt: 200, heightPt: 80, title: 'anchors', background: null, shapes };
    const path = join(folder, 'anchors.pdf');
    writeFileSync(path, await renderPdf({ ...drawing, font: 'sans' }, metadata));
    const boxes = runTool('pdftotext', ['-bbox', path, '-']);
    const edgesOf = (word: string): [number, number] => {
      const found = new RegExp(`xMin="([\\d.]+)" .*xMax="([\\d.]+)" .*>${word}<`).exec(boxes);
      return [Number(found?.[1]), Number(found?.[2])];
    };
    expect(edgesOf(anchors.start)[0]).toBeCloseTo(100, 1);
    const [left, right] = edgesOf(anchors.middle);
    expect((left + right) / 2).toBeCloseTo(100, 1);
    expect(right - left).toBeGreaterThan(10);
    expect(edgesOf(anchors.end)[1]).toBeCloseTo(100, 1);
  });

  it('shows every cell of a map in the colour of its value', async (context) => {
    needTool(context, 'pdftoppm');
    const { path, element } = await write('cam-pair');
    const out = join(folder, 'page');
    runTool('pdftoppm', ['-r', '300', '-png', '-singlefile', path, out]);
    const { cam } = figureData['cam-pair'].map;
    await expectMapColors(element, cam, { png: `${out}.png`, dpi: 300 });
  });
});

/** By program: how it draws a page at a resolution, and how far off a pixel may be. */
const viewers = {
  // Moves edges onto pixels.
  pdftoppm: { tolerance: 1, args: (dpi: number) => ['-r', `${dpi}`, '-png', '-singlefile'] },
  // Smooths edges; where four cells meet in a pixel, it mixes them twice.
  mutool: { tolerance: 12, args: (dpi: number) => ['draw', '-q', '-r', `${dpi}`, '-o'] },
} as const;

describe.each(['pdftoppm', 'mutool'] as const)('cells as %s draws them', (viewer) => {
  it.for([150, 300, 600])('have no streaks between them at %i dpi', async (dpi, context) => {
    needTool(context, viewer);
    const { tolerance, args } = viewers[viewer];
    for (const sidePt of [50, 33.3]) {
      const drawing = drawCellsAlone(sidePt);
      const [path, stem] = [join(folder, 'cells.pdf'), join(folder, viewer)];
      writeFileSync(path, await renderPdf(drawing, metadata));
      const files = viewer === 'mutool' ? [`${stem}.png`, path] : [path, stem];
      runTool(viewer, [...args(dpi), ...files]);
      const { data, info } = await sharp(`${stem}.png`)
        .extractChannel('red')
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect(findWorstPixel(drawing, data, info.width, dpi)).toBeLessThanOrEqual(tolerance);
    }
  });
});
