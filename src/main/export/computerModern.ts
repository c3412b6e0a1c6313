import type { FontWeight } from '../../core/figures/drawing/shapes.ts';

/**
 * Widths of Computer Modern Roman at 8 pt (cmr8), in thousandths of its size, rounded up: what LaTeX
 * sets a class's text in unless told otherwise, and what no font of the application has.
 */
const widths: readonly (readonly [number, string])[] = [
  [296, "!',.:;[]ilł"],
  [325, 'fj'],
  [355, ' -'],
  [383, 'I'],
  [414, '()t'],
  [415, 'r'],
  [420, 's'],
  [473, 'cez'],
  [502, '?'],
  [532, '$*/0123456789agoøß–"_~^'],
  [546, 'J'],
  [561, 'kqvxy{}'],
  [591, 'Sbdhnpu'],
  [650, 'Z'],
  [664, 'LŁ'],
  [694, 'F'],
  [723, 'EP'],
  [753, 'B'],
  [768, 'CTwæ'],
  [782, 'R'],
  [796, 'AHNUVXY'],
  [812, 'D'],
  [826, 'K'],
  [827, '&+=@OQØœ'],
  [834, 'G'],
  [886, '#%m'],
  [960, 'Æ'],
  [973, 'M'],
  [1078, 'Œ'],
];
const widest = 1091;
const widthOf = new Map(
  widths.flatMap(([width, characters]) => Array.from(characters, (one) => [one, width] as const)),
);

/** From 9 pt on the font is cut narrower, by this much at least at 9 pt and by more above it. */
const largerCut = 1.03;
/** What bold is wider than the text by, at most: its r is. */
const boldFactor = 1.18;

/**
 * The width of text in Computer Modern, never less; kerning apart, at 8 and 9 pt at most half a
 * hundredth more. Letters with accents are as wide as without, others as the widest of all.
 *
 * @param sizePt 8 or more; below, the font is cut wider still
 */
export function measureComputerModern(text: string, sizePt: number, weight: FontWeight): number {
  const letters = Array.from(text.normalize('NFD').replace(/\p{M}/gu, ''));
  const total = letters.reduce((sum, letter) => sum + (widthOf.get(letter) ?? widest), 0);
  const cut = sizePt < 9 ? 1 : largerCut;
  return ((total / 1000) * sizePt * (weight === 'bold' ? boldFactor : 1)) / cut;
}
