import { defineOtherCharacter, escapeLatex } from '../../core/formats/latexText.ts';

export interface PaperFigure {
  /** In the paper. */
  numbers: number[];
  /** Beside the document. */
  file: string;
  label: string;
  /** Plain text. */
  caption: string;
}

const figureLines = ({ numbers, file, label, caption }: PaperFigure): string[] => [
  // Before the figure, so that it can be copied without.
  `\\renewcommand{\\thefigure}{${numbers.join('--')}}`,
  '\\begin{figure}[!htbp]',
  '  \\centering',
  `  \\includegraphics{${file}}`,
  `  \\caption{${escapeLatex(caption)}}`,
  `  \\label{${label}}`,
  '\\end{figure}',
  '',
];

/** Of a document that shows figures and tables that lie beside it. */
export const preamble: readonly string[] = [
  '% Figures at their true size: do not scale them.',
  '\\documentclass[a4paper]{article}',
  '\\usepackage[margin=2cm]{geometry}',
  '\\usepackage{graphicx}',
  '\\usepackage{booktabs}',
  '\\usepackage[tableposition=top]{caption}',
  '\\usepackage{adjustbox,etoolbox}',
  '% A table that is wider than its page is made smaller, on this page alone.',
  '\\BeforeBeginEnvironment{tabular}{\\begin{adjustbox}{max width=\\linewidth}}',
  '\\AfterEndEnvironment{tabular}{\\end{adjustbox}}',
  '\\usepackage{iftex}',
  '\\ifpdftex',
  '  \\usepackage[T1]{fontenc}',
  '\\else',
  '  \\usepackage{fontspec}',
  '\\fi',
  '\\raggedbottom',
];

/**
 * A document that shows figures and tables which lie beside it.
 *
 * @param leftOut what is said of figures that are missing
 */
export function buildPaperTex(
  figures: readonly PaperFigure[],
  tables: readonly string[],
  leftOut: string | null,
): string {
  const shown = figures.flatMap(figureLines);
  return [
    ...preamble,
    ...defineOtherCharacter(shown.join('')),
    '\\begin{document}',
    '',
    ...(leftOut === null ? [] : [`\\noindent ${escapeLatex(leftOut)}`, '']),
    ...shown,
    ...tables.map((file) => `\\input{${file}}`),
    '\\end{document}',
    '',
  ].join('\n');
}
