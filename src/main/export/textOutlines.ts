import type {
  Drawing,
  GroupShape,
  PathShape,
  Shape,
  TextShape,
} from '../../core/figures/drawing/shapes.ts';
import { anchorShift, shapeText, type Fonts, type TextRun } from './fonts.ts';

/** A run's glyphs as SVG's path data, in pt. @param left where the run begins */
function traceRun({ text, face }: TextRun, sizePt: number, left: number): string {
  const { glyphs, positions } = face.font.layout(text);
  const scale = sizePt / face.font.unitsPerEm;
  let advance = 0;
  return glyphs
    .map((glyph, i) => {
      const { xAdvance = 0, xOffset = 0, yOffset = 0 } = positions[i] ?? {};
      const [x, y] = [left + (advance + xOffset) * scale, -yOffset * scale];
      advance += xAdvance;
      return glyph.path.transform(scale, 0, 0, -scale, x, y).toSVG();
    })
    .join('');
}

function outlineText(shape: TextShape, runs: readonly TextRun[]): GroupShape {
  const { x, y, sizePt, anchor, isUpwards, fill } = shape;
  const width = runs.reduce((total, run) => total + run.width, 0) * sizePt;
  let left = -width * anchorShift[anchor];
  const shapes = runs.map((run): PathShape => {
    const data = traceRun(run, sizePt, left);
    left += run.width * sizePt;
    return { kind: 'path', data, fill };
  });
  return { kind: 'group', x, y, isUpwards, shapes };
}

function outlineShape(shape: Shape, fonts: Fonts): Shape {
  if (shape.kind === 'group') {
    return { ...shape, shapes: shape.shapes.map((inner) => outlineShape(inner, fonts)) };
  }
  if (shape.kind !== 'text') return shape;
  const runs = shapeText(shape.text, fonts, shape.weight);
  const faces = fonts.faces[shape.weight];
  const safe = faces.slice(0, shape.weight === 'bold' ? 1 : fonts.ownCount);
  return runs.every(({ face }) => safe.includes(face)) ? shape : outlineText(shape, runs);
}

/**
 * The drawing with the areas of glyphs in the place of text that resvg could not set as it was
 * measured: in the place of a character that a font lacks it takes the first font that has it, of any
 * weight, and it gives up where a sequence is one glyph there.
 */
export const outlineOtherText = (drawing: Drawing, fonts: Fonts): Drawing => ({
  ...drawing,
  shapes: drawing.shapes.map((shape) => outlineShape(shape, fonts)),
});
