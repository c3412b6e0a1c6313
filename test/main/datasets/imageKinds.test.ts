import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { asTheyAre, type ImageChoices } from '../../../src/main/datasets/imageChoices.ts';
import { loadImageFolder } from '../../../src/main/datasets/imageFolder.ts';
import type { SourceContent } from '../../../src/main/datasets/source.ts';
import { expectError, makeImages, makePng } from './builders.ts';

/** The set of one image, as training and as test image. */
async function loadOne(
  name: string,
  image: Uint8Array,
  choices: ImageChoices = asTheyAre,
): Promise<SourceContent> {
  const folder = await makeImages({ [`train/a/${name}`]: image, [`test/a/${name}`]: image });
  return loadImageFolder(folder, {}, choices);
}

const colours = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30];

describe('colours', () => {
  it('stay, pixel by pixel', async () => {
    const content = await loadOne('x.png', makePng(2, 2, colours, 2));
    expect(content.channels).toBe(3);
    expect([...content.train.images]).toEqual(colours);
  });

  it('have black where they are transparent, and that is said', async () => {
    const samples = Buffer.from([200, 100, 0, 255, 200, 100, 0, 0, 200, 100, 0, 51, 1, 2, 3, 255]);
    const png = await sharp(samples, { raw: { width: 2, height: 2, channels: 4 } })
      .png()
      .toBuffer();
    const { train, notes } = await loadOne('x.png', png);
    // A fifth of 200 and of 100.
    expect([...train.images]).toEqual([200, 100, 0, 0, 0, 0, 40, 20, 0, 1, 2, 3]);
    expect(notes).toEqual(['2 images had transparency, of which black was made']);
  });

  it('beside grey are refused, unless all are to be alike', async () => {
    const folder = await makeImages({
      'train/a/1.png': makePng(2, 2, colours, 2),
      'train/a/2.png': makePng(2, 2, [1, 2, 3, 4]),
      'test/a/1.png': makePng(2, 2, colours, 2),
    });
    const path = join(folder, 'train/a/2.png');
    await expectError(() => loadImageFolder(folder), 'CORRUPT_INPUT', path, 'grey', 'in colour');
    const colour = await loadImageFolder(folder, {}, { resize: null, channels: 3 });
    expect([...colour.train.images.subarray(12)]).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
    const grey = await loadImageFolder(folder, {}, { resize: null, channels: 1 });
    expect([...grey.train.images]).toEqual([76, 150, 29, 18, 1, 2, 3, 4]);
  });
});

describe('TIFF', () => {
  it('of 16 bits keeps its range, as PNG does', async () => {
    const values = Uint16Array.of(4095, 0, 16, 2048);
    const tiff = await sharp(values, { raw: { width: 2, height: 2, channels: 1 } })
      .toColourspace('grey16')
      .tiff({ compression: 'none' })
      .toBuffer();
    const { channels, train, notes } = await loadOne('x.tif', tiff);
    expect(channels).toBe(1);
    expect([...train.images]).toEqual([255, 0, 1, 128]);
    expect(notes[0]).toContain('12 in use, by their largest value: 0 to 4095');
  });

  it('of 8 bits is read as it is', async () => {
    const png = makePng(2, 2, colours, 2);
    const tiff = await sharp(png).tiff({ compression: 'lzw' }).toBuffer();
    expect([...(await loadOne('x.TIFF', tiff)).train.images]).toEqual(colours);
  });

  it('of fractions is refused in words', async () => {
    await expectError(() => loadOne('x.tif', makeFloatTiff()), 'CORRUPT_INPUT', 'x.tif', 'float');
  });

  it('of several pages is refused', async () => {
    const pages = Buffer.alloc(2 * 2 * 2, 9);
    const tiff = await sharp(pages, {
      raw: { width: 2, height: 4, channels: 1, pageHeight: 2 },
    })
      .tiff({ compression: 'none' })
      .toBuffer();
    await expectError(() => loadOne('x.tif', tiff), 'CORRUPT_INPUT', 'x.tif', '2 pages');
  });
});

/** A little-endian TIFF of one 32-bit float, tag by tag as the format says. */
function makeFloatTiff(): Uint8Array {
  const tags = [
    ...[
      [256, 3, 1],
      [257, 3, 1],
      [258, 3, 32],
      [259, 3, 1],
      [262, 3, 1],
    ],
    ...[
      [273, 4, 134],
      [277, 3, 1],
      [278, 3, 1],
      [279, 4, 4],
      [339, 3, 3],
    ],
  ];
  const file = Buffer.alloc(138);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(tags.length, 8);
  tags.forEach(([tag = 0, type = 0, value = 0], i) => {
    const at = 10 + 12 * i;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(1, at + 4);
    file.writeUInt32LE(value, at + 8);
  });
  file.writeFloatLE(0.5, 134);
  return file;
}

describe('scaling', () => {
  const ramp = (width: number, height: number): number[] =>
    Array.from({ length: width * height }, (_, p) => 2 * (p % width));

  it('takes the middle square, and leaves flat regions flat', async () => {
    // Columns 20 to 59 of 80 are 77; what lies beside them must not be seen.
    const wide = Array.from({ length: 80 * 40 }, (_, p) =>
      p % 80 >= 20 && p % 80 < 60 ? 77 : 255,
    );
    const content = await loadOne('x.png', makePng(80, 40, wide), { resize: 16, channels: null });
    expect(content.imageSize).toBe(16);
    expect(new Set(content.train.images)).toEqual(new Set([77]));
  });

  it('down averages as a kernel does: a ramp stays one', async () => {
    const image = makePng(64, 64, ramp(64, 64));
    const { train } = await loadOne('x.png', image, { resize: 16, channels: null });
    // The middle of four columns, away from the edges.
    const row = [...train.images.subarray(8 * 16 + 2, 8 * 16 + 14)];
    row.forEach((level, i) => {
      expect(Math.abs(level - (8 * (i + 2) + 3))).toBeLessThanOrEqual(1);
    });
  });

  it('brings images of all sizes to one', async () => {
    const folder = await makeImages({
      'train/a/1.png': makePng(9, 9, Array(81).fill(50)),
      'train/a/2.png': makePng(30, 12, Array(360).fill(60)),
      'train/a/3.png': makePng(16, 16, Array(256).fill(70)),
      'test/a/1.png': makePng(100, 100, Array(10_000).fill(80)),
    });
    await expectError(() => loadImageFolder(folder), 'CORRUPT_INPUT', /before it 9 x 9|30 x 12/);
    const { imageSize, train, test } = await loadImageFolder(
      folder,
      {},
      { resize: 16, channels: null },
    );
    expect(imageSize).toBe(16);
    expect([0, 1, 2].map((i) => train.images[i * 256 + 100])).toEqual([50, 60, 70]);
    expect(test.images[100]).toBe(80);
  });

  it('keeps 16 bits until the window is known', async () => {
    const values = Uint16Array.from({ length: 256 }, (_, p) => (p % 16 < 8 ? 1023 : 0));
    const png = await sharp(values, { raw: { width: 16, height: 16, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    const { train, notes } = await loadOne('x.png', png, { resize: 32, channels: null });
    expect([train.images[32 * 16 + 4], train.images[32 * 16 + 28]]).toEqual([255, 0]);
    expect(notes[0]).toContain('16 bits');
  });
});
