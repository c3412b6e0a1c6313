import { describe, expect, it } from 'vitest';
import { createMeasure, ownFonts, shapeText } from '../../../src/main/export/fonts.ts';

const shape = (text: string) =>
  shapeText(text, ownFonts('sans'), 'normal').map(({ text: shown, face, rightToLeft }) => ({
    shown,
    face: face.key,
    rightToLeft,
  }));

describe('measuring', () => {
  // Advance widths in units of 1/2048 em, as Arial and Times New Roman have them.
  it('knows the fonts: H is 1479, i 455 and bold i 569; a serif H is 1479', () => {
    expect(createMeasure(ownFonts('sans'))('H', 8, 'normal')).toBeCloseTo((1479 / 2048) * 8, 9);
    expect(createMeasure(ownFonts('sans'))('ii', 1, 'normal')).toBeCloseTo((2 * 455) / 2048, 9);
    expect(createMeasure(ownFonts('sans'))('i', 1, 'bold')).toBeCloseTo(569 / 2048, 9);
    expect(createMeasure(ownFonts('serif'))('H', 1, 'normal')).toBeCloseTo(1479 / 2048, 9);
  });

  it('is proportional to the size', () => {
    const measure = createMeasure(ownFonts('sans'));
    expect(measure('AVATAR seed 1', 16, 'normal')).toBeCloseTo(
      2 * measure('AVATAR seed 1', 8, 'normal'),
      9,
    );
  });
});

describe('text of other scripts', () => {
  it('comes from the font that has it', () => {
    expect(shape('α−β')).toEqual([{ shown: 'α−β', face: 'sans-normal', rightToLeft: false }]);
    expect(shape('a✓').map(({ face }) => face)).toEqual(['sans-normal', 'dejavu-sans-normal']);
  });

  it('runs from right to left where the script does', () => {
    expect(shape('ab אבג 12').map(({ shown, rightToLeft }) => [shown.trim(), rightToLeft])).toEqual(
      [
        ['ab', false],
        // A number after Hebrew stands to its left.
        ['12', false],
        ['אבג', true],
      ],
    );
  });

  it('mirrors brackets inside it', () => {
    expect(
      shape('א(ב)ג')
        .map(({ shown }) => shown)
        .join(''),
    ).toBe('א)ב(ג');
  });

  it('is refused in one line where no font has it', () => {
    expect(() => shapeText('run 漢', ownFonts('sans'), 'normal')).toThrow(
      /No font of the application has the character 漢 \(U\+6F22\) of "run 漢"/,
    );
  });
});
