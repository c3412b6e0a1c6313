import type { Token } from 'markdown-it';
import { escapeLatex, typesetCode } from '../../../core/formats/latexText.ts';
import { parseMarkdown } from '../../../core/formats/markdown.ts';

/** LaTeX allows no more lists within each other; what is deeper goes on in the last of them. */
const mostLists = 4;

const sections: Readonly<Record<string, string>> = { h1: '\\subsection*', h2: '\\subsubsection*' };
const environments: Readonly<Record<string, string>> = {
  bullet_list: 'itemize',
  ordered_list: 'enumerate',
  blockquote: 'quote',
};

/** Lines of code, with their spaces. */
export const typesetLines = (lines: readonly string[]): string[] => [
  '\\begin{flushleft}\\ttfamily\\footnotesize\\hyphenpenalty=10000',
  ...lines.map((line) => `${typesetCode(line) || '~'}\\par`),
  '\\end{flushleft}',
];

/** An address, which Markdown has made of plain characters, as hyperref takes it in any argument. */
const escapeAddress = (href: string): string =>
  href
    .replace(/[^!-~]|[{}\\^$]/gu, (character) => encodeURIComponent(character))
    .replace(/[%#&_]/g, '\\$&');

const openLink = (token: Token, next: Token | undefined): string => {
  const href = String(token.attrGet('href') ?? '');
  return token.info === 'auto' && next?.content === href
    ? `\\url{${escapeAddress(href)}`
    : `\\href{${escapeAddress(href)}}{`;
};

function writeInline(tokens: readonly Token[]): string {
  let isAddress = false;
  const parts = tokens.map((token, i) => {
    if (token.type === 'link_open') {
      const link = openLink(token, tokens[i + 1]);
      isAddress = link.startsWith('\\url');
      return link;
    }
    if (token.type === 'link_close') isAddress = false;
    // An address breaks where it may only if it is written once.
    return isAddress ? '' : writeToken(token);
  });
  return parts.join('');
}

function writeToken({ type, content }: Token): string {
  switch (type) {
    case 'softbreak':
      return '\n';
    case 'hardbreak':
      return '\\\\\n';
    case 'em_open':
      return '\\emph{';
    case 'strong_open':
      return '\\textbf{';
    case 'em_close':
    case 'strong_close':
    case 'link_close':
      return '}';
    case 's_open':
    case 's_close':
      return escapeLatex('~~');
    case 'code_inline':
      return `\\texttt{${typesetCode(content)}}`;
    default:
      return escapeLatex(content);
  }
}

interface OpenTable {
  columns: string[];
  rows: string[][];
}

function writeTable({ columns, rows }: OpenTable): string[] {
  const [head = '', ...body] = rows.map((row) => `  ${row.join(' & ')} \\\\`);
  return [
    '\\begin{center}',
    `\\begin{tabular}{${columns.join('')}}`,
    ...['  \\toprule', head, '  \\midrule', ...body, '  \\bottomrule'],
    '\\end{tabular}',
    '\\end{center}',
  ];
}

const alignmentOf = (token: Token): string =>
  /text-align:(\w)/.exec(String(token.attrGet('style') ?? ''))?.[1] ?? 'l';

/** Blocks as lines, as they come. */
class Writer {
  readonly lines: string[] = [];
  /** Environments of lists that are open; null for one that goes on in another. */
  readonly #lists: (string | null)[] = [];
  #section = '';
  #table: OpenTable | null = null;

  /** Parts paragraphs, but not a list's sign from its first one. */
  #part(): void {
    const last = this.lines.at(-1);
    if (last !== undefined && last !== '' && last !== '\\item') this.lines.push('');
  }

  #openList(token: Token, name: string): void {
    const open = this.#lists.filter((list) => list !== null);
    const isOpened = open.length < mostLists;
    this.#lists.push(isOpened ? name : null);
    if (!isOpened) return;
    this.lines.push(`\\begin{${name}}`);
    const start = token.attrGet('start');
    if (start === null) return;
    const level = 'i'.repeat(1 + open.filter((list) => list === 'enumerate').length);
    this.lines.push(`\\setcounter{enum${level}}{${Number(start) - 1}}`);
  }

  #closeList(): void {
    const name = this.#lists.pop() ?? null;
    if (name !== null) this.lines.push(`\\end{${name}}`);
  }

  #writeInline(token: Token): void {
    const text = writeInline(token.children ?? []);
    if (this.#table !== null) this.#table.rows.at(-1)?.push(text);
    else if (this.#section === '') this.lines.push(text);
    else this.lines.push(`${this.#section}{${text}}`);
  }

  #writeTablePart(token: Token): void {
    if (token.type === 'table_open') this.#table = { columns: [], rows: [] };
    if (token.type === 'tr_open') this.#table?.rows.push([]);
    if (token.type === 'th_open') this.#table?.columns.push(alignmentOf(token));
    if (token.type !== 'table_close' || this.#table === null) return;
    this.lines.push(...writeTable(this.#table));
    this.#table = null;
  }

  write(token: Token): void {
    const { type, content } = token;
    const [, block = '', edge] = /^(.*)_(open|close)$/.exec(type) ?? [];
    const environment = environments[block];
    if (environment !== undefined && edge === 'open') this.#openList(token, environment);
    else if (environment !== undefined) this.#closeList();
    else if (type === 'list_item_open') this.lines.push('\\item');
    else if (type === 'inline') this.#writeInline(token);
    else if (type === 'paragraph_open' && !token.hidden) this.#part();
    else if (block === 'heading') {
      if (edge === 'open') this.#part();
      this.#section = edge === 'open' ? (sections[token.tag] ?? '\\paragraph*') : '';
    } else if (type === 'fence' || type === 'code_block') {
      this.lines.push(...typesetLines(content.replace(/\n$/, '').split('\n')));
    } else if (type === 'hr') {
      this.#part();
      this.lines.push('\\noindent\\rule{\\linewidth}{0.4pt}', '');
    } else this.#writeTablePart(token);
  }
}

/** Markdown as the body of a LaTeX document; one with links needs hyperref. */
export function writeMarkdownTex(source: string): string[] {
  const writer = new Writer();
  for (const token of parseMarkdown(source)) writer.write(token);
  return writer.lines;
}
