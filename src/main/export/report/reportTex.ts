import { defineOtherCharacter, escapeLatex } from '../../../core/formats/latexText.ts';
import { preamble } from '../paperTex.ts';
import { typesetLines, writeMarkdownTex } from './markdownTex.ts';
import type { Report, ReportBlock } from './report.ts';

/** Paragraphs of a text, which empty lines part. */
export const paragraphsOf = (text: string): string[] =>
  text
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

const figureLines = (stem: string, caption: string): string[] => [
  '\\begin{figure}',
  '  \\centering',
  `  \\includegraphics{figures/${stem}.pdf}`,
  `  \\caption{${escapeLatex(caption)}}`,
  `  \\label{fig:${stem}}`,
  '\\end{figure}',
];

function writeBlock(block: ReportBlock): string[] {
  switch (block.kind) {
    case 'heading':
      return [`\\section{${escapeLatex(block.text)}}`];
    case 'text':
      return paragraphsOf(block.text).flatMap((text, i) => [
        ...(i > 0 ? [''] : []),
        escapeLatex(text),
      ]);
    case 'markdown':
      return writeMarkdownTex(block.text);
    case 'list':
      return [
        '\\begin{itemize}',
        ...block.items.map((item) => `  \\item ${escapeLatex(item)}`),
        '\\end{itemize}',
      ];
    case 'commands':
      return typesetLines(block.lines);
    case 'table':
      return [`\\input{tables/${block.stem}.tex}`];
    case 'figure':
      return figureLines(block.stem, block.figure.caption);
  }
}

/** The report as a document that compiles as it is, with its tables and figures beside it. */
export function writeReportTex({ title, madeBy, blocks }: Report): string {
  const body = blocks.flatMap((block) => [...writeBlock(block), '']);
  const hasLinks = body.some((line) => /\\(href|url)\{/.test(line));
  const head = [`\\title{${escapeLatex(title)}}`, '\\author{}', `\\date{${escapeLatex(madeBy)}}`];
  return [
    ...preamble,
    '\\usepackage{textcomp}',
    ...(hasLinks ? ['\\usepackage[hidelinks,bookmarks=false]{hyperref}'] : []),
    '% Tables and figures stay near their text.',
    '\\makeatletter\\def\\fps@table{!htbp}\\def\\fps@figure{!htbp}\\makeatother',
    '\\setlength{\\emergencystretch}{3em}',
    ...defineOtherCharacter([...head, ...body].join('')),
    ...head,
    '\\begin{document}',
    '\\maketitle',
    '',
    ...body,
    '\\end{document}',
    '',
  ].join('\n');
}
