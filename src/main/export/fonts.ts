import bidiFactory from 'bidi-js';
import { AfterimageError } from '../../core/errors.ts';
import type { FontName } from '../../core/figures/style.ts';
import type { Anchor, FontWeight } from '../../core/figures/drawing/shapes.ts';
import { hasCharacter, hasText, isIgnorable, isInvisible, listFaces, type Face } from './faces.ts';
import { loadFallbackFaces } from './fallbackFonts.ts';

/** Text of one direction in one face. */
export interface TextRun {
  text: string;
  face: Face;
  rightToLeft: boolean;
  /** Width at a size of 1 pt. */
  width: number;
}

/** What a figure's text is set in. */
export interface Fonts {
  /** The font, the one that has what it lacks, then those that this figure's texts ask for besides. */
  faces: Record<FontWeight, readonly Face[]>;
  /** How many of the faces every figure has. */
  ownCount: number;
  shaped: Map<string, TextRun[]>;
}

const weights = ['normal', 'bold'] as const;
const own = new Map<FontName, Fonts>();

/** A font of the application, with what every figure in it has. */
export function ownFonts(name: FontName): Fonts {
  const known = own.get(name);
  if (known !== undefined) return known;
  const faces = { normal: listFaces(name, 'normal'), bold: listFaces(name, 'bold') };
  const fonts = { faces, ownCount: faces.normal.length, shaped: new Map<string, TextRun[]>() };
  own.set(name, fonts);
  return fonts;
}

/** How far before its anchor a text begins, in widths of it. */
export const anchorShift: Readonly<Record<Anchor, number>> = { start: 0, middle: 0.5, end: 1 };

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What readers see as one character each: a letter with its marks, a family of emoji. */
const splitClusters = (text: string): string[] =>
  Array.from(graphemes.segment(text), ({ segment }) => segment);

const canDrawCharacter = (character: string, faces: readonly Face[]): boolean =>
  isInvisible(character) || faces.some((face) => hasCharacter(face, character));

/** Whether every character of a text is in one of the faces, in either weight. */
export const canDraw = (text: string, { faces }: Fonts): boolean =>
  Array.from(text).every((character) =>
    weights.every((weight) => canDrawCharacter(character, faces[weight])),
  );

/** A font of the application with, from fonts of other scripts, what it lacks of a figure's texts. */
export async function loadFonts(name: FontName, texts: readonly string[]): Promise<Fonts> {
  const fonts = ownFonts(name);
  const lacking = new Set(
    texts.flatMap((text) => (canDraw(text, fonts) ? [] : splitClusters(text))),
  );
  const clusters = [...lacking].filter((cluster) => !canDraw(cluster, fonts));
  const others = await loadFallbackFaces(clusters, texts);
  if (others.length === 0) return fonts;
  const { ownCount, faces } = fonts;
  return {
    ownCount,
    faces: {
      normal: [...faces.normal, ...others.map(({ normal }) => normal)],
      bold: [...faces.bold, ...others.map(({ bold }) => bold)],
    },
    shaped: new Map(),
  };
}

/** Its types describe an ES module; what Node loads is the function itself. */
const bidi = (bidiFactory as unknown as typeof bidiFactory.default)();

/** A bracket's mirror image; any other character itself. */
export const mirrorCharacter = (character: string): string =>
  bidi.getMirroredCharacter(character) ?? character;

function chooseFace(
  faces: readonly Face[],
  character: string,
  previous: Face | null,
  text: string,
): Face {
  if (previous !== null && /\s|\p{M}/u.test(character) && hasCharacter(previous, character)) {
    return previous;
  }
  const found = faces.find((face) => hasCharacter(face, character));
  if (found !== undefined) return found;
  const point = character.codePointAt(0) ?? 0;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `No font of the application has the character ${character} (U+${point.toString(16).toUpperCase().padStart(4, '0')}) of "${text}".`,
    'Rename what is called so, or give the figure other words.',
  );
}

interface Segment {
  text: string;
  face: Face;
  level: number;
}

/** A character or several that must be of one face. */
interface Cluster {
  text: string;
  /** One that has all of it; null where each of its characters is looked for. */
  face: Face | null;
}

function listClusters(text: string, faces: readonly Face[], ownCount: number): Cluster[] {
  const own = faces.slice(0, ownCount);
  const others = faces.slice(ownCount);
  if (others.length === 0) return [{ text, face: null }];
  return splitClusters(text).map((cluster) => {
    const isOwn = Array.from(cluster).every((character) => canDrawCharacter(character, own));
    return {
      text: cluster,
      face: isOwn ? null : (others.find((face) => hasText(face, cluster)) ?? null),
    };
  });
}

/** A face that has a whole cluster needs what joins it. */
const isOmitted = (character: string, face: Face | null): boolean =>
  face === null ? isInvisible(character) : isIgnorable(character) && !hasCharacter(face, character);

/** Maximal stretches of one level and face, in logical order. */
function listSegments(text: string, fonts: Fonts, weight: FontWeight): Segment[] {
  const faces = fonts.faces[weight];
  const own = faces.slice(0, fonts.ownCount);
  const { levels } = bidi.getEmbeddingLevels(text, 'ltr');
  const mirrored = bidi.getMirroredCharactersMap(text, levels);
  const segments: Segment[] = [];
  let index = 0;
  for (const cluster of listClusters(text, faces, fonts.ownCount)) {
    for (const character of cluster.text) {
      const level = levels[index] ?? 0;
      const shown = mirrored.get(index) ?? character;
      index += character.length;
      if (isOmitted(character, cluster.face)) continue;
      const last = segments.at(-1);
      const previous = last !== undefined && own.includes(last.face) ? last.face : null;
      const face = cluster.face ?? chooseFace(faces, shown, previous, text);
      if (last?.face === face && last.level === level) last.text += shown;
      else segments.push({ text: shown, face, level });
    }
  }
  return segments;
}

/** Rule L2 of the Unicode bidirectional algorithm, on whole segments. */
function toVisualOrder(segments: Segment[]): Segment[] {
  const ordered = [...segments];
  const highest = Math.max(0, ...segments.map(({ level }) => level));
  for (let level = highest; level > 0; level -= 1) {
    let start = 0;
    while (start < ordered.length) {
      let end = start;
      while ((ordered[end]?.level ?? -1) >= level) end += 1;
      ordered.splice(start, end - start, ...ordered.slice(start, end).reverse());
      start = Math.max(end, start + 1);
    }
  }
  return ordered;
}

const widthOf = ({ font }: Face, text: string): number =>
  font.layout(text).advanceWidth / font.unitsPerEm;

/**
 * What to draw from left to right. INVALID_ARGUMENT if a character is in none of the fonts.
 */
export function shapeText(text: string, fonts: Fonts, weight: FontWeight): TextRun[] {
  const key = `${weight}/${text}`;
  const known = fonts.shaped.get(key);
  if (known !== undefined) return known;
  const runs = toVisualOrder(listSegments(text, fonts, weight)).map((segment) => ({
    text: segment.text,
    face: segment.face,
    rightToLeft: segment.level % 2 === 1,
    width: widthOf(segment.face, segment.text),
  }));
  fonts.shaped.set(key, runs);
  return runs;
}

/** Measures text in a font of the application. */
export const createMeasure =
  (fonts: Fonts) =>
  (text: string, sizePt: number, weight: FontWeight): number =>
    shapeText(text, fonts, weight).reduce((width, run) => width + run.width, 0) * sizePt;
