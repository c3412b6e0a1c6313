import { describe, expect, it } from 'vitest';
import { writeMarkdownTex } from '../../../../src/main/export/report/markdownTex.ts';
import { writeReportTex } from '../../../../src/main/export/report/reportTex.ts';

const tex = (...lines: string[]): string => writeMarkdownTex(lines.join('\n')).join('\n');

describe('Markdown as LaTeX', () => {
  it.each([
    ['paragraphs', 'one\ntwo\n\nthree', 'one\ntwo\n\nthree'],
    ['emphasis', '*a* **b** ***c***', '\\emph{a} \\textbf{b} \\emph{\\textbf{c}}'],
    ['a line that is broken', 'a  \n[b', 'a\\\\\n{[}b'],
    ['special signs', String.raw`50% of $x_1$ & #2 \*`, String.raw`50\% of \$x\_1\$ \& \#2 {*}`],
    [
      'HTML, which is text',
      '<b>x</b>',
      '\\textless{}b\\textgreater{}x\\textless{}/b\\textgreater{}',
    ],
    ['code', "`a_b --x 'y'`", '\\texttt{a\\_b -{}-x \\textquotesingle{}y\\textquotesingle{}}'],
    [
      'what is struck out',
      '~~x~~',
      '\\textasciitilde{}\\textasciitilde{}x\\textasciitilde{}\\textasciitilde{}',
    ],
    ['a picture, of which its text is left', '![a_b](https://x.org/y.png)', 'a\\_b'],
    [
      'a link',
      '[a & b](https://x.org/~me?a=1&b=%20#c_d)',
      '\\href{https://x.org/~me?a=1\\&b=\\%20\\#c\\_d}{a \\& b}',
    ],
    ['an address', 'at https://x.org/a_b.', 'at \\url{https://x.org/a\\_b}.'],
    ['an address of mail', '<me@x.org>', '\\href{mailto:me@x.org}{me@x.org}'],
    [
      'signs that an address may not have',
      '[a](<https://x.org/{a}\\\\^$>)',
      '\\href{https://x.org/\\%7Ba\\%7D\\%5C\\%5E\\%24}{a}',
    ],
    ['what would run a script, which is text', '[a](javascript:x)', '{[}a{]}(javascript:x)'],
    [
      'headings',
      '# a\n\n## b\n\n### c\n\nd',
      '\\subsection*{a}\n\n\\subsubsection*{b}\n\n\\paragraph*{c}\n\nd',
    ],
  ])('has %s', (_, source, expected) => {
    expect(tex(source)).toBe(expected);
  });

  it('has lists within lists, with the numbers that they begin with', () => {
    expect(tex('3. a', '4. b', '   1. c', '', '- d', '', '  e', '- [f')).toBe(
      [
        '\\begin{enumerate}',
        '\\setcounter{enumi}{2}',
        ...['\\item', 'a', '\\item', 'b'],
        ...['\\begin{enumerate}', '\\item', 'c', '\\end{enumerate}'],
        '\\end{enumerate}',
        '\\begin{itemize}',
        ...['\\item', 'd', '', 'e', '\\item', '{[}f'],
        '\\end{itemize}',
      ].join('\n'),
    );
  });

  it('opens no more lists than LaTeX allows, and loses nothing of what is deeper', () => {
    const deep = Array.from({ length: 9 }, (_, i) => `${'  '.repeat(i)}- ${i}`);
    const text = tex(...deep);
    expect(text.match(/\\begin/g)).toHaveLength(4);
    expect(text.match(/\\end/g)).toHaveLength(4);
    expect(text.match(/\\item\n\d/g)).toHaveLength(9);
  });

  it('has code as it is typed', () => {
    expect(tex('```sh', 'if  x; then', '  a --b', '', '\t`c`', '```')).toBe(
      [
        '\\begin{flushleft}\\ttfamily\\footnotesize\\hyphenpenalty=10000',
        'if~~x; then\\par',
        '~~a -{}-b\\par',
        '~\\par',
        '~~~~\\textasciigrave{}c\\textasciigrave{}\\par',
        '\\end{flushleft}',
      ].join('\n'),
    );
  });

  it('has tables and quotations', () => {
    expect(tex('|a|b|', '|-|-:|', '|*1*|[2|', '', '> c')).toBe(
      [
        '\\begin{center}',
        '\\begin{tabular}{lr}',
        ...['  \\toprule', '  a & b \\\\', '  \\midrule', '  \\emph{1} & {[}2 \\\\'],
        ...['  \\bottomrule', '\\end{tabular}', '\\end{center}'],
        ...['\\begin{quote}', '', 'c', '\\end{quote}'],
      ].join('\n'),
    );
  });
});

it('asks for hyperref in a document that has a link, and in no other', () => {
  const documentOf = (text: string): string =>
    writeReportTex({ title: '', madeBy: '', blocks: [{ kind: 'markdown', text }] });
  expect(documentOf('https://x.org')).toMatch(/\{hyperref\}[^]*\\begin\{document\}/);
  expect(documentOf(String.raw`\href{x}`)).not.toContain('hyperref');
});
