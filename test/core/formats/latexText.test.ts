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
    expect(escapeLatex('ħ😀')).toBe('\\othercharacter{127}\\othercharacter{1F600}');
  });

  it('sets Greek, with accents too, and what stands above or below the line as mathematics', () => {
    const math = (command: string): string => `\\ensuremath{${command}}`;
    expect(escapeLatex('χ² of κ')).toBe(`${math('\\chi')}${math('^2')} of ${math('\\kappa')}`);
    expect(escapeLatex('Αά ΐ')).toBe(
      `${math('\\mathrm{A}')}${math('\\acute{\\alpha}')} ${math('\\acute{\\ddot{\\iota}}')}`,
    );
    expect(escapeLatex('p ≤ 10⁻³ → x₁')).toBe(
      `p ${math('\\leq')} 10${math('^{-}')}${math('^{3}')} ${math('\\rightarrow')} x${math('_{1}')}`,
    );
    expect(escapeLatex('“α”—‘β’')).toBe(`\`\`${math('\\alpha')}''---\`${math('\\beta')}'`);
  });

  it('takes letters and their marks together, as some systems write them apart', () => {
    expect(escapeLatex('Gro\u0308ße α\u0301')).toBe('Größe \\ensuremath{\\acute{\\alpha}}');
  });

  it('comes with the macro only where it is needed', () => {
    expect(defineOtherCharacter(escapeLatex('plain'))).toEqual([]);
    expect(defineOtherCharacter(escapeLatex('α'))).toEqual([]);
    const [...lines] = defineOtherCharacter(escapeLatex('猫a犬猫'));
    expect(lines[0]).toMatch(/^% .*no letter for U\+732B, U\+72AC and/);
    expect(lines.at(-1)).toMatch(/^\\providecommand/);
    expect(lines.slice(0, -1).every((line) => line.startsWith('%'))).toBe(true);
  });
});
