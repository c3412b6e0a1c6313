import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import bidiFactory from 'bidi-js';
import { create, type Font } from 'fontkit';
import { AfterimageError } from '../../core/errors.ts';
import type { FontName } from '../../core/figures/style.ts';
import type { FontWeight } from '../../core/figures/drawing/shapes.ts';

/** A font file that comes with the application: figures never depend on what a machine has. */
export interface Face {
  /** Unique; the name under which a PDF registers it. */
  key: string;
  bytes: Buffer;
  font: Font;
}

/** Text of one direction in one face. */
export interface TextRun {
  text: string;
  face: Face;
  rightToLeft: boolean;
  /** Width at a size of 1 pt. */
  width: number;
}

const files: Record<FontName, Record<FontWeight, string>> = {
  sans: {
    normal: '@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf',
    bold: '@expo-google-fonts/arimo/700Bold/Arimo_700Bold.ttf',
  },
  serif: {
    normal: '@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf',
    bold: '@expo-google-fonts/tinos/700Bold/Tinos_700Bold.ttf',
  },
  'dejavu-sans': {
    normal: 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
    bold: 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf',
  },
};

const nodeRequire = createRequire(import.meta.url);
const loaded = new Map<string, Face>();

function readFontFile(file: string): Buffer {
  try {
    return readFileSync(nodeRequire.resolve(file));
  } catch (error) {
    throw new AfterimageError(
      'NOT_FOUND',
      `The font file ${file} is missing from the application.`,
      'Install the application again, or choose another font in the style.',
      error,
    );
  }
}

function loadFace(name: FontName, weight: FontWeight): Face {
  const key = `${name}-${weight}`;
  const known = loaded.get(key);
  if (known !== undefined) return known;
  const bytes = readFontFile(files[name][weight]);
  const font = create(bytes);
  if (!('layout' in font)) throw new Error(`${key} is a collection of fonts`);
  const face = { key, bytes, font };
  loaded.set(key, face);
  return face;
}

/** The font, then the one that has what it lacks. */
export const listFaces = (name: FontName, weight: FontWeight): Face[] =>
  name === 'dejavu-sans'
    ? [loadFace(name, weight)]
    : [loadFace(name, weight), loadFace('dejavu-sans', weight)];

/** Its types describe an ES module; what Node loads is the function itself. */
const bidi = (bidiFactory as unknown as typeof bidiFactory.default)();

/** Characters that say how text runs and are not drawn. */
const invisible = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

function chooseFace(
  faces: readonly Face[],
  character: string,
  previous: Face | null,
  text: string,
): Face {
  const point = character.codePointAt(0) ?? 0;
  const covers = (face: Face): boolean => face.font.hasGlyphForCodePoint(point);
  if (previous !== null && /\s|\p{M}/u.test(character) && covers(previous)) return previous;
  const found = faces.find(covers);
  if (found !== undefined) return found;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `No font of the application has the character ${character} (U+${point.toString(16).toUpperCase().padStart(4, '0')}) of "${text}".`,
    'Rename what is called so, or give the figure other words.',
  );
}

/** Whether every character of a text is in one of a font's faces. */
export function canDraw(text: string, name: FontName): boolean {
  const faces = listFaces(name, 'normal');
  return Array.from(text).every(
    (character) =>
      invisible.test(character) ||
      faces.some(({ font }) => font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0)),
  );
}

interface Segment {
  text: string;
  face: Face;
  level: number;
}

/** Maximal stretches of one level and face, in logical order. */
function listSegments(text: string, faces: readonly Face[]): Segment[] {
  const { levels } = bidi.getEmbeddingLevels(text, 'ltr');
  const mirrored = bidi.getMirroredCharactersMap(text, levels);
  const segments: Segment[] = [];
  let index = 0;
  for (const character of text) {
    const level = levels[index] ?? 0;
    const shown = mirrored.get(index) ?? character;
    index += character.length;
    if (invisible.test(character)) continue;
    const last = segments.at(-1);
    const face = chooseFace(faces, shown, last?.face ?? null, text);
    if (last?.face === face && last.level === level) last.text += shown;
    else segments.push({ text: shown, face, level });
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

const shaped = new Map<string, TextRun[]>();

/**
 * What to draw from left to right. INVALID_ARGUMENT if a character is in none of the fonts.
 */
export function shapeText(text: string, name: FontName, weight: FontWeight): TextRun[] {
  const key = `${name}/${weight}/${text}`;
  const known = shaped.get(key);
  if (known !== undefined) return known;
  const runs = toVisualOrder(listSegments(text, listFaces(name, weight))).map((segment) => ({
    text: segment.text,
    face: segment.face,
    rightToLeft: segment.level % 2 === 1,
    width: widthOf(segment.face, segment.text),
  }));
  shaped.set(key, runs);
  return runs;
}

/** Measures text in a font of the application. */
export const createMeasure =
  (name: FontName) =>
  (text: string, sizePt: number, weight: FontWeight): number =>
    shapeText(text, name, weight).reduce((width, run) => width + run.width, 0) * sizePt;
