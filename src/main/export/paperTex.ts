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

const inLatin1 = (character: string): boolean => /[\u00a0-\u017f]/u.test(character);

/**
 * Plain text as LaTeX. What pdfTeX has no letter for, other scripts above all, is handed to a macro
 * that sets it where the engine can (XeTeX, LuaTeX) and says its number where it cannot.
 */
export function toLatexText(text: string): string {
  const parts: string[] = [];
  for (const character of escapeLatex(text)) {
    const point = character.codePointAt(0) ?? 0;
    const isPlain = point < 0x7f || inLatin1(character);
    const hex = point.toString(16).toUpperCase();
    parts.push(commands[character] ?? (isPlain ? character : `\\othercharacter{${hex}}`));
  }
  return parts.join('').replace(/\p{Cc}+/gu, ' ');
}

const figureLines = ({ file, label, caption }: PaperFigure): string[] => [
  '\\begin{figure}[htbp]',
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
  '\\usepackage{iftex}',
  '\\ifpdftex',
  '  \\usepackage[T1]{fontenc}',
  '  \\newcommand*{\\othercharacter}[1]{[U+#1]}',
  '\\else',
  '  \\usepackage{fontspec}',
  '  \\newcommand*{\\othercharacter}[1]{\\char"#1\\relax}',
  '\\fi',
  '\\begin{document}',
  '',
];

const tableLines = (file: string): string[] => [
  '\\begingroup\\footnotesize\\setlength{\\tabcolsep}{3pt}',
  `\\input{${file}}`,
  '\\endgroup',
  '',
];

/** A document that shows figures and tables which lie beside it. */
export const buildPaperTex = (figures: readonly PaperFigure[], tables: readonly string[]): string =>
  [
    ...preamble,
    ...figures.flatMap(figureLines),
    ...tables.flatMap(tableLines),
    '\\end{document}',
    '',
  ].join('\n');
