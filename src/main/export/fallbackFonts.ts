import subsetFont from 'subset-font';
import type { FontWeight } from '../../core/figures/drawing/shapes.ts';
import { hasText, isIgnorable, openFace, readFontFile, type Face } from './faces.ts';

/**
 * Fonts for what the figures' own lack, by the folder of their package; all are by the same makers and
 * of one look. Each is cut into pieces by ranges of characters, of which only those are read that a
 * figure asks for.
 */
const fallbackFonts = {
  'Noto Emoji': 'noto-emoji',
  'Noto Sans Devanagari': 'noto-sans-devanagari',
  'Noto Sans Bengali': 'noto-sans-bengali',
  'Noto Sans Gurmukhi': 'noto-sans-gurmukhi',
  'Noto Sans Gujarati': 'noto-sans-gujarati',
  'Noto Sans Tamil': 'noto-sans-tamil',
  'Noto Sans Telugu': 'noto-sans-telugu',
  'Noto Sans Kannada': 'noto-sans-kannada',
  'Noto Sans Malayalam': 'noto-sans-malayalam',
  'Noto Sans Sinhala': 'noto-sans-sinhala',
  'Noto Sans Thai': 'noto-sans-thai',
  'Noto Sans Khmer': 'noto-sans-khmer',
  'Noto Sans Myanmar': 'noto-sans-myanmar',
  'Noto Sans Ethiopic': 'noto-sans-ethiopic',
  'Noto Sans SC': 'noto-sans-sc',
  'Noto Sans JP': 'noto-sans-jp',
  'Noto Sans KR': 'noto-sans-kr',
} as const;
type Family = keyof typeof fallbackFonts;

const families = Object.keys(fallbackFonts) as Family[];

/** A file of a font, and which characters it may have. */
interface Piece {
  family: Family;
  file: string;
  ranges: (readonly [first: number, last: number])[];
}

export type FacesByWeight = Record<FontWeight, Face>;

/** `U+200d,U+1f308-1f30a` as numbers. */
function parseRanges(text: string): Piece['ranges'] {
  return text.split(',').map((part) => {
    const [first = 0, last = first] = part
      .replace('U+', '')
      .split('-')
      .map((digits) => Number.parseInt(digits, 16));
    return [first, last] as const;
  });
}

const pieces = new Map<Family, Piece[]>();

/** A font's pieces. Latin ones are left out: the figures' own fonts have those letters. */
function listPieces(family: Family): Piece[] {
  const known = pieces.get(family);
  if (known !== undefined) return known;
  const folder = fallbackFonts[family];
  const index = readFontFile(`@fontsource-variable/${folder}/unicode.json`).toString();
  const listed = Object.entries(JSON.parse(index) as Record<string, string>)
    .filter(([name]) => !/^(latin|vietnamese)/.test(name))
    .map(([name, ranges]) => ({
      family,
      file: `@fontsource-variable/${folder}/files/${folder}-${name.replace(/[[\]]/g, '')}-wght-normal.woff2`,
      ranges: parseRanges(ranges),
    }));
  pieces.set(family, listed);
  return listed;
}

const mayHave = ({ ranges }: Piece, points: readonly number[]): boolean =>
  points.every((point) => ranges.some(([first, last]) => first <= point && point <= last));

const axisValues: Record<FontWeight, number> = { normal: 400, bold: 700 };

async function openPiece({ family, file }: Piece, weight: FontWeight): Promise<Face> {
  const bytes = await subsetFont(readFontFile(file), '', {
    targetFormat: 'truetype',
    variationAxes: { wght: axisValues[weight] },
    keepAllGlyphs: true,
  });
  return openFace(`${file}-${weight}`, family, bytes);
}

const opened = new Map<string, Promise<FacesByWeight>>();

function loadPiece(piece: Piece): Promise<FacesByWeight> {
  const known = opened.get(piece.file);
  if (known !== undefined) return known;
  const loading = Promise.all([openPiece(piece, 'normal'), openPiece(piece, 'bold')]).then(
    ([normal, bold]) => ({ normal, bold }),
  );
  opened.set(piece.file, loading);
  return loading;
}

/**
 * Fonts in the order in which a character is looked for. Chinese, Japanese and Korean share characters
 * but draw some differently: kana and Hangul say which of them is meant, for all texts of a figure.
 */
function orderFamilies(texts: readonly string[]): Family[] {
  const all = texts.join('\n');
  const first: Family[] = [];
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(all)) first.push('Noto Sans JP');
  if (/\p{Script=Hangul}/u.test(all)) first.push('Noto Sans KR');
  return [...first, ...families.filter((family) => !first.includes(family))];
}

async function findPiece(
  candidates: readonly Piece[],
  cluster: string,
): Promise<Piece | undefined> {
  const points = Array.from(cluster)
    .filter((character) => !isIgnorable(character))
    .map((character) => character.codePointAt(0) ?? 0);
  for (const piece of candidates) {
    if (!mayHave(piece, points)) continue;
    if (hasText((await loadPiece(piece)).normal, cluster)) return piece;
  }
  return undefined;
}

/**
 * The faces that have what the figures' own lack, in an order that follows from the texts alone. What
 * no font has is left out.
 *
 * @param clusters what readers see as one character each, none of which the figures' own fonts have
 * @param texts all texts of the figure
 */
export async function loadFallbackFaces(
  clusters: Iterable<string>,
  texts: readonly string[],
): Promise<FacesByWeight[]> {
  const candidates = orderFamilies(texts).flatMap(listPieces);
  const chosen = new Set<Piece>();
  for (const cluster of clusters) {
    const whole = await findPiece(candidates, cluster);
    if (whole !== undefined) chosen.add(whole);
    else {
      for (const character of cluster) {
        const piece = await findPiece(candidates, character);
        if (piece !== undefined) chosen.add(piece);
      }
    }
  }
  return Promise.all(candidates.filter((piece) => chosen.has(piece)).map(loadPiece));
}
