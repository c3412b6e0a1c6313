import { zlibSync } from 'fflate';
import PDFDocument from 'pdfkit';
import {
  cellSide,
  encodePicture,
  overlap,
  paintCells,
  type Overlap,
} from '../../core/figures/drawing/picture.ts';
import {
  roundLength,
  type Drawing,
  type GroupShape,
  type Paint,
  type PictureShape,
  type PolylineShape,
  type Shape,
  type TextShape,
} from '../../core/figures/drawing/shapes.ts';
import { unpackColor } from '../../core/maps/colorMaps.ts';
import { anchorShift, ownFonts, shapeText, type Fonts } from './fonts.ts';

export interface PdfMetadata {
  title: string;
  /** The figure's specification, JSON. */
  specification: string;
  creator: string;
  /** Not now, but a time that belongs to what is drawn. */
  created: Date;
}

/** Paints the current path. */
function paint(pdf: PDFKit.PDFDocument, { fill, fillOpacity, stroke }: Paint): void {
  if (stroke !== undefined) {
    pdf.lineWidth(stroke.widthPt);
    const { dashes = [] } = stroke;
    // Its types know one length alone.
    if (dashes.length > 0) pdf.dash([...dashes] as unknown as number, {});
    if (stroke.hasRoundJoins === true) pdf.lineJoin('round');
  }
  if (fillOpacity !== undefined) pdf.fillOpacity(fillOpacity);
  if (fill !== undefined && stroke !== undefined) pdf.fillAndStroke(fill, stroke.color);
  else if (fill !== undefined) pdf.fill(fill);
  else if (stroke !== undefined) pdf.stroke(stroke.color);
}

/** Draws shaped text from (x, y) on; pdfkit neither shapes across words nor orders directions. */
function drawText(pdf: PDFKit.PDFDocument, shape: TextShape, fonts: Fonts): void {
  const { text, sizePt, y, fill } = shape;
  if (shape.isUpwards) pdf.rotate(-90, { origin: [shape.x, y] });
  const runs = shapeText(text, fonts, shape.weight);
  const width = runs.reduce((total, run) => total + run.width, 0) * sizePt;
  let x = shape.x - width * anchorShift[shape.anchor];
  for (const run of runs) {
    pdf.registerFont(run.face.key, run.face.bytes);
    pdf.font(run.face.key).fontSize(sizePt).fillColor(fill);
    pdf.text(run.text, x, y, { lineBreak: false, baseline: 'alphabetic', features: ['kern'] });
    x += run.width * sizePt;
  }
}

/** `0.267 0.004 0.329` of a packed colour: thousandths tell any two of 256 levels apart. */
const toLevels = (color: number): string =>
  unpackColor(color)
    .map((level) => (level / 255).toFixed(3))
    .join(' ');

/**
 * Of the cells that are painted last. A viewer that smooths edges mixes the first ones' colours where a
 * row begins: what reaches right under a neighbour shines through it as a streak. These reach below
 * alone, and lie on the first ones where those of a row meet, so that there is no seam.
 */
const finalOverlap: Overlap = { right: 0, below: 0.2 };

/** Writes cells as they are, without a state of their own: a film strip has a hundred thousand of them. */
function drawCells(pdf: PDFKit.PDFDocument, picture: PictureShape): void {
  const levels = new Map<number, string>();
  for (const color of picture.colors) {
    if (!levels.has(color)) levels.set(color, toLevels(color));
  }
  const cells: string[] = [];
  for (const reach of [overlap, finalOverlap]) {
    paintCells(
      picture,
      (x, y, width, height, color) => {
        cells.push(`${levels.get(color) ?? ''} rg ${x} ${y} ${width} ${height} re f`);
      },
      reach,
    );
  }
  pdf.translate(picture.x, picture.y).save().scale(cellSide(picture));
  pdf.addContent(cells.join('\n')).restore();
}

function drawPicture(pdf: PDFKit.PDFDocument, picture: PictureShape): void {
  if (!picture.isBitmap) {
    drawCells(pdf, picture);
    return;
  }
  const side = roundLength(picture.sidePt);
  const png = Buffer.from(encodePicture(picture));
  pdf.image(png, picture.x, picture.y, { width: side, height: side });
}

function drawGroup(pdf: PDFKit.PDFDocument, group: GroupShape, fonts: Fonts): void {
  pdf.translate(group.x, group.y);
  if (group.isUpwards) pdf.rotate(-90, { origin: [0, 0] });
  drawShapes(pdf, group.shapes, fonts);
}

function traceLines(pdf: PDFKit.PDFDocument, lines: PolylineShape['lines']): void {
  for (const [first, ...others] of lines) {
    if (first === undefined) continue;
    pdf.moveTo(...first);
    for (const point of others) pdf.lineTo(...point);
  }
}

function drawShape(pdf: PDFKit.PDFDocument, shape: Shape, fonts: Fonts): void {
  switch (shape.kind) {
    case 'rect':
      pdf.rect(shape.x, shape.y, shape.width, shape.height);
      paint(pdf, shape);
      return;
    case 'circle':
      pdf.circle(shape.x, shape.y, shape.radius);
      paint(pdf, shape);
      return;
    case 'line':
      pdf.moveTo(...shape.from).lineTo(...shape.to);
      paint(pdf, shape);
      return;
    case 'path':
      pdf.path(shape.data);
      paint(pdf, shape);
      return;
    case 'polyline':
      traceLines(pdf, shape.lines);
      paint(pdf, shape);
      return;
    case 'text':
      drawText(pdf, shape, fonts);
      return;
    case 'picture':
      drawPicture(pdf, shape);
      return;
    case 'group':
      drawGroup(pdf, shape, fonts);
  }
}

/** Draws each shape in a state of its own. */
function drawShapes(pdf: PDFKit.PDFDocument, shapes: readonly Shape[], fonts: Fonts): void {
  for (const shape of shapes) {
    pdf.save();
    drawShape(pdf, shape, fonts);
    pdf.restore();
  }
}

function drawPage(pdf: PDFKit.PDFDocument, drawing: Drawing, fonts: Fonts): void {
  const { widthPt, heightPt, background, shapes } = drawing;
  pdf.addPage({ size: [widthPt, heightPt], margin: 0 });
  // An empty state with which every page has begun: figures that exist are verified by their bytes.
  pdf.save().restore();
  if (background !== null) {
    const page = { x: 0, y: 0, width: widthPt, height: heightPt };
    drawShapes(pdf, [{ kind: 'rect', ...page, fill: background }], fonts);
  }
  drawShapes(pdf, shapes, fonts);
}

/** A content stream as pdfkit keeps it until it writes it. */
interface PendingStream {
  buffer: Uint8Array[];
  compress: boolean;
  data: { Filter?: string };
}

/**
 * Compresses the page here: Node's zlib gives other bytes on other processors, this does not.
 */
function compressPage(pdf: PDFKit.PDFDocument): void {
  const { content } = pdf.page as unknown as { content: PendingStream };
  content.buffer = [zlibSync(Buffer.concat(content.buffer), { level: 9 })];
  content.data.Filter = 'FlateDecode';
}

/** pdfkit repeats the metadata as XML in which it escapes nothing: titles with & or < would break it. */
function omitXmp(pdf: PDFKit.PDFDocument): void {
  (pdf as unknown as { endMetadata: () => void }).endMetadata = () => undefined;
}

function collect(pdf: PDFKit.PDFDocument): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => {
      resolve(Buffer.concat(chunks));
    });
    pdf.on('error', reject);
  });
}

/**
 * A one-page PDF, of a version that pdfLaTeX includes without a warning, of the figure's exact size:
 * vectors, fonts embedded as subsets. The same figure gives the same bytes: its identifier follows from
 * the metadata.
 *
 * @param fonts that have all of its text
 */
export async function renderPdf(
  drawing: Drawing,
  { title, specification, creator, created }: PdfMetadata,
  fonts = ownFonts(drawing.font),
): Promise<Uint8Array> {
  const info = {
    Title: title,
    Subject: specification,
    Creator: creator,
    Producer: creator,
    CreationDate: created,
  };
  const pdf = new PDFDocument({ autoFirstPage: false, compress: false, pdfVersion: '1.4', info });
  const bytes = collect(pdf);
  drawPage(pdf, drawing, fonts);
  compressPage(pdf);
  omitXmp(pdf);
  pdf.end();
  return bytes;
}
