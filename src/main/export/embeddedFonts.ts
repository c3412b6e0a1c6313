import subsetFont from 'subset-font';
import type { Drawing, FontWeight, Shape, TextShape } from '../../core/figures/drawing/shapes.ts';
import { writeSvg } from '../../core/figures/drawing/svg.ts';
import type { Face } from './faces.ts';
import { mirrorCharacter, shapeText, type Fonts } from './fonts.ts';

/** What a drawing takes of a face. */
interface UsedFace {
  face: Face;
  weight: FontWeight;
  characters: Set<string>;
}

const listTexts = (shapes: readonly Shape[]): TextShape[] =>
  shapes.flatMap((shape) => {
    if (shape.kind === 'group') return listTexts(shape.shapes);
    return shape.kind === 'text' ? [shape] : [];
  });

/** In the order of the fonts' faces, normal ones first. */
function listUsedFaces({ shapes }: Drawing, fonts: Fonts): UsedFace[] {
  const used = new Map<Face, Set<string>>();
  for (const { text, weight } of listTexts(shapes)) {
    for (const run of shapeText(text, fonts, weight)) {
      const characters = used.get(run.face) ?? new Set();
      used.set(run.face, characters);
      for (const character of run.text) {
        characters.add(character);
        // Who sets the text looks for the bracket that is written, and draws its mirror image.
        if (run.rightToLeft) characters.add(mirrorCharacter(character));
      }
    }
  }
  return (['normal', 'bold'] as const).flatMap((weight) =>
    fonts.faces[weight].flatMap((face) => {
      const characters = used.get(face);
      return characters === undefined ? [] : [{ face, weight, characters }];
    }),
  );
}

const toRange = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`;

/** A rule of a style sheet that holds what is used of a face. */
async function writeFontFace({ face, weight, characters }: UsedFace): Promise<string> {
  const ordered = [...characters].sort((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0));
  const bytes = await subsetFont(face.bytes, ordered.join(''), { targetFormat: 'woff2' });
  const lines = [
    `font-family:'${face.family}'`,
    `font-weight:${weight === 'bold' ? 700 : 400}`,
    `src:url(data:font/woff2;base64,${bytes.toString('base64')}) format('woff2')`,
    `unicode-range:${ordered.map(toRange).join(',')}`,
  ];
  return `@font-face{${lines.join(';')}}`;
}

const listFamilies = (used: readonly UsedFace[]): string[] => [
  ...new Set(used.map(({ face }) => face.family)),
];

/** Those that come to the figures' own fonts because of this figure's texts. */
const listOthers = (used: readonly UsedFace[], { faces, ownCount }: Fonts): UsedFace[] =>
  used.filter(({ face, weight }) => faces[weight].indexOf(face) >= ownCount);

/** The SVG, which names the fonts of its text. */
export function writePlainSvg(drawing: Drawing, fonts: Fonts): string {
  return writeSvg(drawing, {
    families: listFamilies(listOthers(listUsedFaces(drawing, fonts), fonts)),
  });
}

/**
 * The SVG with subsets of its fonts inside, so that it looks the same where none of them is installed.
 *
 * @param which faces: all, or those alone that not every figure has
 */
export async function writeEmbeddedSvg(
  drawing: Drawing,
  fonts: Fonts,
  which: 'all' | 'others',
): Promise<string> {
  const all = listUsedFaces(drawing, fonts);
  const used = which === 'all' ? all : listOthers(all, fonts);
  const rules: string[] = [];
  for (const face of used) rules.push(await writeFontFace(face));
  return writeSvg(drawing, { families: listFamilies(used), styleSheet: rules.join('\n') });
}
