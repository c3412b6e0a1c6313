import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';
import { AfterimageError } from '../../core/errors.ts';
import type { FontName } from '../../core/figures/style.ts';
import type { FontWeight } from '../../core/figures/drawing/shapes.ts';

/** A font file that comes with the application: figures never depend on what a machine has. */
export interface Face {
  /** Unique; the name under which a PDF registers it. */
  key: string;
  /** As style sheets name it. */
  family: string;
  /** TrueType. */
  bytes: Buffer;
  font: Font;
}

interface FontFiles {
  family: string;
  files: Record<FontWeight, string>;
}

const fonts: Record<FontName, FontFiles> = {
  sans: {
    family: 'Arimo',
    files: {
      normal: '@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf',
      bold: '@expo-google-fonts/arimo/700Bold/Arimo_700Bold.ttf',
    },
  },
  serif: {
    family: 'Tinos',
    files: {
      normal: '@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf',
      bold: '@expo-google-fonts/tinos/700Bold/Tinos_700Bold.ttf',
    },
  },
  'dejavu-sans': {
    family: 'DejaVu Sans',
    files: {
      normal: 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
      bold: 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf',
    },
  },
};

const nodeRequire = createRequire(import.meta.url);
const loaded = new Map<string, Face>();

/**
 * A file of a package of fonts. NOT_FOUND where the application has been damaged.
 *
 * @param file its package and its path there
 */
export function readFontFile(file: string): Buffer {
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

export function openFace(key: string, family: string, bytes: Buffer): Face {
  const font = create(bytes);
  if (!('layout' in font)) throw new Error(`${key} is a collection of fonts`);
  return { key, family, bytes, font };
}

function loadFace(name: FontName, weight: FontWeight): Face {
  const key = `${name}-${weight}`;
  const known = loaded.get(key);
  if (known !== undefined) return known;
  const { family, files } = fonts[name];
  const face = openFace(key, family, readFontFile(files[weight]));
  loaded.set(key, face);
  return face;
}

/** The font, then the one that has what it lacks. */
export const listFaces = (name: FontName, weight: FontWeight): Face[] =>
  name === 'dejavu-sans'
    ? [loadFace(name, weight)]
    : [loadFace(name, weight), loadFace('dejavu-sans', weight)];

/** Characters that say how text runs and are not drawn. */
const invisible = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
/** Characters that choose between looks of the one before. */
const selectors = /[\ufe0e\ufe0f]/u;

export const isInvisible = (character: string): boolean => invisible.test(character);

/** Whether a character may be left out where a font does not have it. */
export const isIgnorable = (character: string): boolean =>
  invisible.test(character) || selectors.test(character);

export const hasCharacter = ({ font }: Face, character: string): boolean =>
  font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0);

/** Whether a face has all of a text that is to be seen. */
export const hasText = (face: Face, text: string): boolean =>
  Array.from(text).every((character) => isIgnorable(character) || hasCharacter(face, character));
