import { escapeLatex } from './tableFormats.ts';

export interface PaperFigure {
  /** Beside the document. */
  file: string;
  label: string;
  /** Plain text. */
  caption: string;
}

/** What pdfTeX's fonts lack and any engine can set as a command. */
const commands: Record<string, string> = {
  '−': '\\ensuremath{-}',
  '±': '\\ensuremath{\\pm}',
  '×': '\\ensuremath{\\times}',
  '’': "'",
  '–': '--',
  '…': '\\ldots{}',
};

/** Latin letters and signs that pdfLaTeX sets in T1 and TS1: the first two blocks but for nine. */
const isSettable = (character: string): boolean =>
  /[\u00a0-\u017f]/u.test(character) && !/[ĦħĸĿŀŉŦŧſ]/u.test(character);

/**
 * Plain text as LaTeX. What pdfTeX has no letter for, other scripts above all, is handed to a macro
 * that sets it where the engine can (XeTeX, LuaTeX) and says its number where it cannot.
 */
export function toLatexText(text: string): string {
  const parts: string[] = [];
  for (const character of escapeLatex(text)) {
    const point = character.codePointAt(0) ?? 0;
    const isPlain = point < 0x7f || isSettable(character);
    const hex = point.toString(16).toUpperCase();
    parts.push(commands[character] ?? (isPlain ? character : `\\othercharacter{${hex}}`));
  }
  return parts.join('').replace(/\p{Cc}+/gu, ' ');
}

const figureLines = ({ file, label, caption }: PaperFigure): string[] => [
  '\\begin{figure}[!htbp]',
  '  \\centering',
  `  \\includegraphics{${file}}`,
  `  \\caption{${toLatexText(caption)}}`,
  `  \\label{${label}}`,
  '\\end{figure}',
  '',
];

const preamble = [
  '% Figures at their true size: do not scale them.',
  '\\documentclass[a4paper]{article}',
  '\\usepackage[margin=2cm]{geometry}',
  '\\usepackage{graphicx}',
  '\\usepackage{booktabs,siunitx}',
  '\\usepackage[tableposition=top]{caption}',
  '\\usepackage{adjustbox,etoolbox,pdflscape}',
  '% A table that is wider than its page is made smaller, on this page alone.',
  '\\BeforeBeginEnvironment{tabular}{\\begin{adjustbox}{max width=\\linewidth}}',
  '\\AfterEndEnvironment{tabular}{\\end{adjustbox}}',
  '\\usepackage{iftex}',
  '\\ifpdftex',
  '  \\usepackage[T1]{fontenc}',
  '  \\newcommand*{\\othercharacter}[1]{[U+#1]}',
  '\\else',
  '  \\usepackage{fontspec}',
  '  \\newcommand*{\\othercharacter}[1]{\\char"#1\\relax}',
  '\\fi',
  '\\raggedbottom',
  '\\begin{document}',
  '',
];

/** A document that shows figures and tables which lie beside it. */
export const buildPaperTex = (figures: readonly PaperFigure[], tables: readonly string[]): string =>
  [
    ...preamble,
    ...figures.flatMap(figureLines),
    '\\begin{landscape}',
    '\\footnotesize\\setlength{\\tabcolsep}{4pt}',
    ...tables.map((file) => `\\input{${file}}`),
    '\\end{landscape}',
    '\\end{document}',
    '',
  ].join('\n');
