import { describe, expect, it } from 'vitest';
import { fileStem, latexSnippet } from '../../../src/renderer/figures/snippets.ts';

describe('a file’s name', () => {
  it.each([
    ['Evolution: demo C and demo R', 'evolution-demo-c-and-demo-r'],
    ['Fig. 7 – losses', 'fig-7-losses'],
    ['Größe & Maß_1', 'gro-e-ma-1'],
    ['../../etc/passwd', 'etc-passwd'],
    ['صورة', 'figure'],
    ['', 'figure'],
  ])('of %j is %j', (name, stem) => {
    expect(fileStem(name)).toBe(stem);
  });

  it('is of a length that every system takes, and ends with a letter', () => {
    expect(fileStem('a b '.repeat(100))).toMatch(/^[a-z0-9-]{1,80}(?<!-)$/);
  });
});

describe('the LaTeX snippet', () => {
  it('includes the file at its own size, with caption and label', () => {
    expect(latexSnippet('f', 'Maps of run_1: 50% & more', false)).toBe(
      [
        '\\begin{figure}',
        '  \\centering',
        '  \\includegraphics{f.pdf}',
        '  \\caption{Maps of run\\_1: 50\\% \\& more}',
        '  \\label{fig:f}',
        '\\end{figure}',
        '',
      ].join('\n'),
    );
  });

  it('spans both columns where the figure does', () => {
    expect(latexSnippet('f', '', true)).toMatch(/^\\begin{figure\*}[^]*\\end{figure\*}\n$/);
  });

  it('escapes every character that TeX reads otherwise', () => {
    const caption = latexSnippet('f', '\\ { } $ # ^ ~', false).split('\n')[3];
    expect(caption).toBe(
      '  \\caption{\\textbackslash{} \\{ \\} \\$ \\# \\textasciicircum{} \\textasciitilde{}}',
    );
  });
});
