import { expect, it, onTestFinished, vi } from 'vitest';
import { tileLayout } from '../../../../src/renderer/components/gallery/tileLayout.ts';
import {
  captionHeightOf,
  drawTileRow,
} from '../../../../src/renderer/components/gallery/tilePainter.ts';
import type {
  TileSource,
  TileStyle,
} from '../../../../src/renderer/components/gallery/tilePainter.ts';
import { colorTable } from '../../../../src/renderer/maps/colorMaps.ts';
import { buildColumns } from '../../examples/builders.ts';

const columns = buildColumns([
  { exampleId: 1, label: 0, probabilities: [0.25, 0.75, 0] },
  { exampleId: 2, label: 1, probabilities: [0, 1, 0] },
]);
const tileStyle: TileStyle = {
  table: colorTable('viridis'),
  opacity: 0.5,
  smooth: false,
  native: false,
  threshold: 0.6,
  font: '12px x',
  colors: { text: 'text', muted: 'muted', bad: 'bad', groove: 'groove', empty: 'empty' },
};

/** What is drawn of the row of both tiles, with a font of 6 pixels a letter. */
function draw(classNames: string[], imageOf: TileSource['imageOf'] = () => undefined) {
  const texts: { text: string; x: number; y: number; color: string }[] = [];
  const boxes: { x: number; y: number; width: number; color: string }[] = [];
  const context = {
    fillStyle: '',
    measureText: (text: string) => ({ width: text.length * 6 }),
    fillText(text: string, x: number, y: number) {
      texts.push({ text, x, y, color: this.fillStyle });
    },
    fillRect(x: number, y: number, width: number) {
      boxes.push({ x, y, width, color: this.fillStyle });
    },
    clearRect: () => undefined,
    drawImage: () => undefined,
  };
  const captionHeight = captionHeightOf(classNames);
  const layout = tileLayout(2, 184, { imageSize: 84, captionHeight });
  drawTileRow(
    context as unknown as CanvasRenderingContext2D,
    layout,
    {
      panes: [
        { columns, positions: Uint32Array.of(1, 0), numberOf: () => '0.75', barColor: 'bar' },
      ],
      count: 2,
      classNames,
      imageOf,
    },
    tileStyle,
    { first: 0, end: 2 },
    () => false,
  );
  return { texts, boxes, layout };
}

it('writes label, prediction and number below each tile, the wrong prediction marked', () => {
  const { texts } = draw(['0', '1', '2']);
  expect(texts.map(({ text }) => text)).toEqual(['1', '>', '1', '0.75', '0', '>', '1', '0.75']);
  expect(texts[2]?.color).toBe('text');
  expect(texts[6]?.color).toBe('bad');
  expect(texts[4]?.x).toBe(96);
  expect(new Set(texts.map(({ y }) => y)).size).toBe(1);
});

it('gives long names two lines and shortens what does not fit', () => {
  const { texts } = draw(['ankle boot', 'a very long name', 'x']);
  expect(texts[4]).toMatchObject({ text: 'ankle boot', y: 97 });
  expect(texts[5]?.y).toBe(113);
  expect(texts[6]?.text).toMatch(/^a ve.*…$/);
  for (const { text, x } of texts) expect(x + text.length * 6).toBeLessThanOrEqual(180);
});

it('draws the confidence as a bar, and a place for images on their way', () => {
  const { boxes } = draw(['0', '1', '2']);
  expect(boxes.filter(({ color }) => color === 'bar').map(({ width }) => width)).toEqual([84, 63]);
  expect(boxes.filter(({ color }) => color === 'empty')).toHaveLength(2);
});

/** Stands for the canvases that a browser has; what is put on one is kept. */
function keepPixels(): Uint32Array[] {
  const kept: Uint32Array[] = [];
  class Image {
    readonly data: Uint8ClampedArray;
    readonly width: number;
    constructor(width: number, height: number) {
      this.width = width;
      this.data = new Uint8ClampedArray(4 * width * height);
    }
  }
  class Canvas {
    getContext() {
      return { putImageData: ({ data }: Image) => kept.push(new Uint32Array(data.buffer)) };
    }
  }
  vi.stubGlobal('ImageData', Image);
  vi.stubGlobal('OffscreenCanvas', Canvas);
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  return kept;
}

it('draws the image, or in the place of one that cannot be had its map', () => {
  const pixels = keepPixels();
  const { boxes } = draw(['0', '1', '2'], (id) => (id === 1 ? new Uint8Array(16).fill(128) : null));
  expect(boxes.filter(({ color }) => color === 'empty')).toEqual([]);
  // The maps of `buildColumns` are of one value, which is their maximum.
  const brightest = colorTable('viridis').at(-1) ?? 0;
  expect(pixels.map((values) => [...new Set(values)])).toEqual([[brightest], [0xff808080]]);
  expect(pixels.map(({ length }) => length)).toEqual([16, 16]);
});
