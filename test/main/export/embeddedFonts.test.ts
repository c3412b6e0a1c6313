import { create } from 'fontkit';
import { describe, expect, it } from 'vitest';
import type { Drawing, FontWeight } from '../../../src/core/figures/drawing/shapes.ts';
import { writeEmbeddedSvg, writePlainSvg } from '../../../src/main/export/embeddedFonts.ts';
import { loadFonts } from '../../../src/main/export/fonts.ts';

const texts: readonly (readonly [text: string, weight: FontWeight])[] = [
  ['banana', 'normal'],
  ['AVA', 'bold'],
  ['猫 ✓', 'normal'],
];

const drawing: Drawing = {
  widthPt: 100,
  heightPt: 100,
  title: 'words',
  background: null,
  font: 'sans',
  shapes: [
    {
      kind: 'group',
      x: 0,
      y: 0,
      isUpwards: false,
      shapes: texts.map(([text, weight], i) => ({
        ...{ kind: 'text', text, weight, x: 10, y: 20 * (i + 1), sizePt: 8, fill: '#000000' },
        ...{ anchor: 'start', isUpwards: false },
      })),
    },
  ],
};

const load = () => loadFonts('sans', ['猫 ✓']);

/** The fonts inside an SVG: name, weight, and which characters they have. */
function listFonts(svg: string): [family: string, weight: number, characters: string][] {
  const rule =
    /@font-face\{font-family:'([^']+)';font-weight:(\d+);src:url\(data:font\/woff2;base64,([^)]+)\) format\('woff2'\);unicode-range:([^}]+)\}/g;
  return [...svg.matchAll(rule)].map(([, family = '', weight, base64 = '', range = '']) => {
    const font = create(Buffer.from(base64, 'base64'));
    if (!('characterSet' in font)) throw new Error('a collection of fonts');
    const ranged = range.split(',').map((point) => Number.parseInt(point.slice(2), 16));
    // The table of characters may end with a mark that is none.
    const points = font.characterSet.filter((point) => point !== 0xffff);
    expect(points).toEqual(ranged);
    // And the box for what is missing.
    expect(font.numGlyphs).toBe(points.length + 1);
    return [family, Number(weight), String.fromCodePoint(...points)];
  });
}

describe('an SVG with its fonts inside', () => {
  it('has exactly the characters that it shows, of every face', async () => {
    expect(listFonts(await writeEmbeddedSvg(drawing, await load(), 'all'))).toEqual([
      ['Arimo', 400, ' abn'],
      ['DejaVu Sans', 400, '✓'],
      ['Noto Sans SC', 400, '猫'],
      ['Arimo', 700, 'AV'],
    ]);
  });

  it('keeps of each font what little it needs', async () => {
    const svg = await writeEmbeddedSvg(drawing, await load(), 'all');
    expect(svg.length).toBeLessThan(15_000);
    const base64 = /base64,([^)]+)/.exec(svg)?.[1] ?? '';
    expect(Buffer.from(base64, 'base64').subarray(0, 4).toString()).toBe('wOF2');
  });

  it('is otherwise the SVG without', async () => {
    const plain = writePlainSvg(drawing, await load());
    const embedded = await writeEmbeddedSvg(drawing, await load(), 'all');
    const bare = embedded.replace(/<style>.*<\/style>/s, '').replace(", 'DejaVu Sans'", '');
    expect(bare).toBe(plain);
  });

  it('has for the window what not every figure has', async () => {
    expect(listFonts(await writeEmbeddedSvg(drawing, await load(), 'others'))).toEqual([
      ['Noto Sans SC', 400, '猫'],
    ]);
    const latin = { ...drawing, shapes: [] };
    const svg = await writeEmbeddedSvg(latin, await load(), 'others');
    expect(svg).toBe(writePlainSvg(latin, await load()));
  });
});
