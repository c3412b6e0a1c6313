import { describe, expect, it } from 'vitest';
import {
  canDraw,
  createMeasure,
  loadFonts,
  ownFonts,
  shapeText,
} from '../../../src/main/export/fonts.ts';

/** "cat" or the like, with the font that must have it. */
const names = {
  'Noto Sans Devanagari': 'बिल्ली',
  'Noto Sans Bengali': 'বিড়াল',
  'Noto Sans Gurmukhi': 'ਬਿੱਲੀ',
  'Noto Sans Gujarati': 'બિલાડી',
  'Noto Sans Tamil': 'பூனை',
  'Noto Sans Telugu': 'పిల్లి',
  'Noto Sans Kannada': 'ಬೆಕ್ಕು',
  'Noto Sans Malayalam': 'പൂച്ച',
  'Noto Sans Sinhala': 'පූසා',
  'Noto Sans Thai': 'ที่นี่แมว',
  'Noto Sans Khmer': 'ឆ្មា',
  'Noto Sans Myanmar': 'ကြောင်',
  'Noto Sans Ethiopic': 'ድመት',
  'Noto Sans JP': 'ねこ猫',
  'Noto Sans KR': '고양이',
  'Noto Emoji': '🐈👩‍🚀',
  Arimo: 'кошка γάτα חתול',
  'DejaVu Sans': 'قطةແມວ',
} as const;

describe('names of other scripts', () => {
  it.each(Object.entries(names))('%s has %s, in both weights', async (family, name) => {
    const fonts = await loadFonts('sans', [name]);
    expect(canDraw(name, fonts)).toBe(true);
    for (const weight of ['normal', 'bold'] as const) {
      const runs = shapeText(name, fonts, weight);
      expect(new Set(runs.map(({ face }) => face.family))).toEqual(new Set([family]));
      for (const { text, face } of runs) {
        // Glyph 0 is the box that stands for what a font lacks.
        expect(face.font.layout(text).glyphs.every(({ id }) => id > 0)).toBe(true);
      }
    }
  });

  it('need no more fonts where the figures have all', async () => {
    expect(await loadFonts('serif', ['sept', 'Größe', 'α ± β'])).toBe(ownFonts('serif'));
  });

  it('are left out where no font has them', async () => {
    const fonts = await loadFonts('sans', ['𓃠', '猫']);
    expect([canDraw('𓃠', fonts), canDraw('猫', fonts)]).toEqual([false, true]);
  });
});

const familiesOf = async (name: string, texts: readonly string[]): Promise<string[]> =>
  shapeText(name, await loadFonts('sans', texts), 'normal').map(({ face }) => face.family);

describe('Chinese characters', () => {
  it('are drawn as in the language of the texts around them, whatever was drawn before', async () => {
    const [chinese, japanese, korean] = [['直'], ['直', 'うみ'], ['直', '바다']];
    for (const texts of [chinese, japanese, chinese, korean, chinese]) {
      const language = { [japanese.join()]: 'JP', [korean.join()]: 'KR' }[texts.join()] ?? 'SC';
      expect(await familiesOf('直', texts)).toEqual([`Noto Sans ${language}`]);
    }
  });

  it('are one em wide, beside letters of the figure’s own font', async () => {
    const fonts = await loadFonts('sans', ['猫 H']);
    // A space is 569, an H 1479 units of 1/2048 em.
    expect(createMeasure(fonts)('猫 H', 10, 'normal')).toBeCloseTo(
      10 * (1 + (569 + 1479) / 2048),
      6,
    );
    const families = shapeText('猫 H', fonts, 'bold').map(({ text, face }) => [text, face.family]);
    expect(families).toEqual([
      ['猫', 'Noto Sans SC'],
      [' H', 'Arimo'],
    ]);
  });
});

it('sequences of emoji are one glyph, and what chooses their look is not drawn', async () => {
  const sequences = ['👩‍🚀', '🇩🇪', '👍🏽', '🏳️‍🌈'];
  const fonts = await loadFonts('sans', sequences);
  for (const sequence of sequences) {
    const [run, ...others] = shapeText(sequence, fonts, 'normal');
    expect(others).toEqual([]);
    expect(run?.face.font.layout(run.text).glyphs).toHaveLength(1);
  }
});
