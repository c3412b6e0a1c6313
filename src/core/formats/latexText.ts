import { findMathCommand } from './latexMath.ts';

/** What has a meaning in LaTeX's text and cannot be written with a backslash before it. */
const escapes: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  // At the beginning of a table's row, these would belong to the line break before it.
  '*': '{*}',
  '[': '{[}',
  ']': '{]}',
  '’': "'",
  '‘': '`',
  '“': '``',
  '”': "''",
  '–': '--',
  '—': '---',
  '…': '\\ldots{}',
};

const special = /[&%$#_{}]/;

/** ASCII, and the Latin letters and signs that pdfLaTeX sets: the next two blocks but for nine. */
const isSettable = (character: string): boolean =>
  /[ -~\u00a0-\u017f]/u.test(character) && !/[ĦħĸĿŀŉŦŧſ]/u.test(character);

const numberOf = (character: string): string =>
  (character.codePointAt(0) ?? 0).toString(16).toUpperCase();

function escapeCharacter(character: string): string {
  const known = escapes[character];
  if (known !== undefined) return known;
  const command = findMathCommand(character);
  if (command !== null) return `\\ensuremath{${command}}`;
  if (special.test(character)) return `\\${character}`;
  return isSettable(character) ? character : `\\othercharacter{${numberOf(character)}}`;
}

const toOneLine = (text: string): string => text.normalize('NFC').replace(/[\s\p{Cc}]+/gu, ' ');

/** Text as pdfTeX shows it: what it has no letter for by its number. */
export const toSettable = (text: string): string =>
  Array.from(toOneLine(text), (character) =>
    character in escapes || isSettable(character) || findMathCommand(character) !== null
      ? character
      : `[U+${numberOf(character)}]`,
  ).join('');

/** `28 × 28`, a size, which must not be broken between two lines. */
const product = /(\d+ × \d+)/;

/**
 * Plain text as LaTeX, on one line. What pdfTeX has no letter for, other scripts above all, is
 * handed to the macro `\othercharacter`: see `defineOtherCharacter`.
 */
export const escapeLatex = (text: string): string =>
  toOneLine(text)
    .split(product)
    .map((part, i) =>
      i % 2 === 1
        ? `$${part.replace('×', '\\times')}$`
        : Array.from(part, escapeCharacter).join(''),
    )
    .join('');

/**
 * What is typed, for a typewriter's font: in LaTeX's text two hyphens would become a dash and straight quotes
 * curved ones, and spaces one. A line breaks at single spaces. Needs textcomp.
 */
export const typesetCode = (line: string): string =>
  line
    .replaceAll('\t', '    ')
    .split(/(^ +| {2,})/)
    .map((part, i) =>
      i % 2 === 1
        ? '~'.repeat(part.length)
        : escapeLatex(part)
            .replaceAll('--', '-{}-')
            .replaceAll("'", '\\textquotesingle{}')
            .replaceAll('`', '\\textasciigrave{}'),
    )
    .join('');

/**
 * The lines that LaTeX which holds escaped text needs before it, none where no character asks for them:
 * the character itself in XeTeX and LuaTeX, its number in pdfTeX, which would stop at it; and what to do.
 */
export function defineOtherCharacter(latex: string): string[] {
  const numbers = Array.from(latex.matchAll(/\\othercharacter\{([0-9A-F]+)\}/g), ([, hex]) => hex);
  if (numbers.length === 0) return [];
  const list = [...new Set(numbers)].map((hex) => `U+${hex ?? ''}`).join(', ');
  return [
    `% pdfLaTeX has no letter for ${list} and prints the number. Give another name, or take XeLaTeX or`,
    '% LuaLaTeX and, with \\setmainfont of fontspec, a font that has it.',
    '\\providecommand*{\\othercharacter}[1]{\\ifdefined\\Umathcode\\char"#1\\relax\\else{[}U+#1{]}\\fi}',
  ];
}
