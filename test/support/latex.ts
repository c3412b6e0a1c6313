import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './digits.ts';
import { runTool } from './tools.ts';

/** What pdfLaTeX says, warnings and all, of a document with booktabs, and what it makes of it. */
export function runLatex(
  preamble: readonly string[],
  body: readonly string[],
): { log: string; pdf: string } {
  const folder = makeFolder();
  const lines = [
    ...preamble,
    '\\usepackage{booktabs}',
    '\\begin{document}',
    ...body,
    '\\end{document}',
  ];
  writeFileSync(join(folder, 'document.tex'), lines.join('\n'));
  const flags = ['-interaction=nonstopmode', '-halt-on-error'];
  const log = runTool('pdflatex', [...flags, 'document.tex'], folder);
  return { log, pdf: join(folder, 'document.pdf') };
}
