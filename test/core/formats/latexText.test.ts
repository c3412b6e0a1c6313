import { describe, expect, it } from 'vitest';
import { defineOtherCharacter, escapeLatex } from '../../../src/core/formats/latexText.ts';

describe('text for LaTeX', () => {
  it('escapes what LaTeX would act on, once', () => {
    expect(escapeLatex('[a]*')).toBe('{[}a{]}{*}');
    expect(escapeLatex('\\&%$#_{}~^<>|')).toBe(
      '\\textbackslash{}\\&\\%\\$\\#\\_\\{\\}\\textasciitilde{}\\textasciicircum{}\\textless{}\\textgreater{}\\textbar{}',
    );
    expect(escapeLatex('plain text, 3.5')).toBe('plain text, 3.5');
  });

  it('is one line', () => {
    expect(escapeLatex('a\n\tb\u0000c')).toBe('a b c');
  });

  it('has commands for signs, letters for Latin, and numbers for other scripts', () => {
    expect(escapeLatex('R − C ± 1…')).toBe('R \\ensuremath{-} C \\ensuremath{\\pm} 1\\ldots{}');
    expect(escapeLatex('(a)², 11 × 11 × 3, 2 × a')).toBe(
      '(a)\\ensuremath{^2}, $11 \\times 11$ \\ensuremath{\\times} 3, 2 \\ensuremath{\\times} a',
    );
    expect(escapeLatex('∅')).toBe('\\ensuremath{\\emptyset}');
    expect(escapeLatex('Größe Łódź')).toBe('Größe Łódź');
    expect(escapeLatex('αħ😀')).toBe(
      '\\othercharacter{3B1}\\othercharacter{127}\\othercharacter{1F600}',
    );
  });

  it('comes with the macro only where it is needed', () => {
    expect(defineOtherCharacter(escapeLatex('plain'))).toEqual([]);
    expect(defineOtherCharacter(escapeLatex('α'))).toHaveLength(1);
  });
});
