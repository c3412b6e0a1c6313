import { cssColor } from '../../maps/colorMaps.ts';
import { fontFamilies, type FontName } from '../style.ts';
import { toDataUri } from './bitmap.ts';
import { cellSide, encodePicture, paintCells } from './picture.ts';
import {
  roundLength,
  type Drawing,
  type GroupShape,
  type Paint,
  type PictureShape,
  type PolylineShape,
  type Shape,
  type Stroke,
  type TextShape,
} from './shapes.ts';

/** Those that are undefined are left out. */
type Attributes = Record<string, string | number | undefined>;

/** @param content none: the element is empty */
function write(name: string, attributes: Attributes, content?: string): string {
  let tag = `<${name}`;
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) tag += ` ${key}="${value}"`;
  }
  return content === undefined ? `${tag}/>` : `${tag}>${content}</${name}>`;
}

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const strokeAttributes = (stroke: Stroke | undefined): Attributes => ({
  stroke: stroke?.color,
  'stroke-width': stroke?.widthPt,
  'stroke-dasharray': stroke?.dashes?.join(' ') || undefined,
  'stroke-linejoin': stroke?.hasRoundJoins === true ? 'round' : undefined,
});

const paintAttributes = ({ fill, fillOpacity, stroke }: Paint): Attributes => ({
  fill: fill ?? 'none',
  'fill-opacity': fillOpacity,
  ...strokeAttributes(stroke),
});

const writePath = (lines: PolylineShape['lines']): string =>
  lines.map((points) => `M${points.map(([x, y]) => `${x} ${y}`).join('L')}`).join('');

const writeText = ({ x, y, sizePt, weight, anchor, isUpwards, fill, text }: TextShape): string =>
  write(
    'text',
    {
      x,
      y,
      'font-size': sizePt,
      'font-weight': weight === 'bold' ? weight : undefined,
      'text-anchor': anchor === 'start' ? undefined : anchor,
      transform: isUpwards ? `rotate(-90 ${x} ${y})` : undefined,
      fill,
    },
    escapeText(text),
  );

/**
 * A cell is a path: a third of the nodes of a rectangle, for what comes by the ten thousand. Its edges
 * are not smoothed: where one falls between pixels, the cells that overlap there would shine through.
 */
function writeCells(picture: PictureShape): string {
  const cells: string[] = [];
  paintCells(picture, (x, y, width, height, color) => {
    cells.push(`<path d="M${x} ${y}h${width}v${height}h-${width}z" fill="${cssColor(color)}"/>`);
  });
  const scaled = { transform: `scale(${cellSide(picture).toFixed(6)})` };
  const content = write(
    'g',
    { ...scaled, 'shape-rendering': 'crispEdges', 'data-picture': picture.shows },
    cells.join(''),
  );
  return write('g', { transform: `translate(${picture.x} ${picture.y})` }, content);
}

function writePicture(picture: PictureShape): string {
  if (!picture.isBitmap) return writeCells(picture);
  const [{ x, y }, side] = [picture, roundLength(picture.sidePt)];
  return write('image', {
    x,
    y,
    width: side,
    height: side,
    href: toDataUri(encodePicture(picture)),
  });
}

function writeGroup({ x, y, isUpwards, shapes }: GroupShape): string {
  const transform = isUpwards
    ? `translate(${x} ${y.toFixed(3)}) rotate(-90)`
    : `translate(${x} ${y})`;
  return write('g', { transform }, shapes.length === 0 ? undefined : writeShapes(shapes));
}

function writeShape(shape: Shape): string {
  switch (shape.kind) {
    case 'rect': {
      const { x, y, width, height } = shape;
      return write('rect', { x, y, width, height, ...paintAttributes(shape) });
    }
    case 'circle': {
      const { x, y, radius } = shape;
      return write('circle', { cx: x, cy: y, r: radius, ...paintAttributes(shape) });
    }
    case 'line': {
      const [[x1, y1], [x2, y2]] = [shape.from, shape.to];
      return write('line', { x1, y1, x2, y2, ...strokeAttributes(shape.stroke) });
    }
    case 'path':
      return write('path', { d: shape.data, ...paintAttributes(shape) });
    case 'polyline':
      return write('path', { d: writePath(shape.lines), ...paintAttributes(shape) });
    case 'text':
      return writeText(shape);
    case 'picture':
      return writePicture(shape);
    case 'group':
      return writeGroup(shape);
  }
}

const writeShapes = (shapes: readonly Shape[]): string => shapes.map(writeShape).join('');

/** What an SVG needs besides the font of its style. */
export interface SvgFonts {
  /** That have what it lacks, by name. */
  families?: readonly string[];
  /** Rules that bring fonts along. */
  styleSheet?: string;
}

/** The font and what has its widths, then other fonts, then whatever the viewer has. */
function listFamilies(font: FontName, others: readonly string[]): string {
  const families = fontFamilies[font];
  const own = families.slice(0, families.lastIndexOf(','));
  const quoted = others.filter((name) => !own.includes(name)).map((name) => `'${name}'`);
  return [own, ...quoted, families.slice(own.length + 2)].join(', ');
}

/** An SVG file of the drawing, one user unit = 1 pt. */
export function writeSvg(
  { title, background, font, shapes, ...size }: Drawing,
  { families = [], styleSheet = '' }: SvgFonts = {},
): string {
  const [width, height] = [size.widthPt, size.heightPt];
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    version: '1.1',
    width: `${width}pt`,
    height: `${height}pt`,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'font-family': listFamilies(font, families),
  };
  const style = styleSheet === '' ? '' : write('style', {}, styleSheet);
  const behind = background === null ? '' : write('rect', { fill: background, width, height });
  const content = `${write('title', {}, escapeText(title))}${style}${behind}${writeShapes(shapes)}`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write('svg', attributes, content)}\n`;
}
