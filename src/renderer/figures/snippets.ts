import { defineOtherCharacter, escapeLatex } from '../../core/formats/latexText.ts';

/** What a file of a figure may be called: letters, digits and single hyphens. */
export function fileStem(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '');
  const stem = plain
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(0, 80)
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
  return stem === '' ? 'figure' : stem;
}

/** A figure environment that shows the PDF at its own size. */
export function latexSnippet(stem: string, caption: string, isWide: boolean): string {
  const environment = isWide ? 'figure*' : 'figure';
  const escaped = escapeLatex(caption);
  return [
    ...defineOtherCharacter(escaped),
    `\\begin{${environment}}`,
    '  \\centering',
    `  \\includegraphics{${stem}.pdf}`,
    `  \\caption{${escaped}}`,
    `  \\label{fig:${stem}}`,
    `\\end{${environment}}`,
    '',
  ].join('\n');
}
