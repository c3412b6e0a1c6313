import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { setResolution } from '../../core/figures/drawing/bitmap.ts';
import { AfterimageError } from '../../core/errors.ts';
import { pointsPerInch, type FigureStyle } from '../../core/figures/style.ts';
import { listFaces } from './faces.ts';

const nodeRequire = createRequire(import.meta.url);
let ready: Promise<void> | null = null;

const start = (): Promise<void> =>
  (ready ??= initWasm(readFileSync(nodeRequire.resolve('@resvg/resvg-wasm/index_bg.wasm'))));

/** Most pixels of a picture: 400 MB while it is drawn. */
const mostPixels = 100_000_000;

function checkSize(widthPx: number, heightPx: number): void {
  if (widthPx * heightPx <= mostPixels) return;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `A picture of ${widthPx} x ${heightPx} pixels is too large.`,
    'Give fewer dpi, or write an SVG or PDF.',
  );
}

/** Draws an SVG as PNG at the style's dpi, with its physical size in the file. */
export async function renderPng(
  svg: string,
  heightPt: number,
  style: FigureStyle,
): Promise<Uint8Array> {
  const { widthPt, dpi, font } = style;
  const widthPx = Math.round((widthPt / pointsPerInch) * dpi);
  checkSize(widthPx, Math.round((heightPt / pointsPerInch) * dpi));
  await start();
  const faces = (['normal', 'bold'] as const).flatMap((weight) => listFaces(font, weight));
  const renderer = new Resvg(svg, {
    fitTo: { mode: 'width', value: widthPx },
    font: { fontBuffers: faces.map(({ bytes }) => bytes), defaultFontFamily: 'Arimo' },
    textRendering: 2,
  });
  const image = renderer.render();
  try {
    return setResolution(image.asPng(), dpi);
  } finally {
    image.free();
    renderer.free();
  }
}
