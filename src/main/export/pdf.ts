import { zlibSync } from 'fflate';
import PDFDocument from 'pdfkit';
import type { FontWeight } from '../../core/figures/pen.ts';
import type { FigureStyle } from '../../core/figures/style.ts';
import { shapeText } from './fonts.ts';

export interface PdfMetadata {
  title: string;
  /** The figure's specification, JSON. */
  specification: string;
  creator: string;
  /** Not now, but a time that belongs to what is drawn. */
  created: Date;
}

/** Reads one drawn element's attributes; lengths in pt. */
class Attributes {
  readonly #element: Element;

  constructor(element: Element) {
    this.#element = element;
  }

  text(name: string): string | null {
    return this.#element.getAttribute(name);
  }

  number(name: string, fallback = 0): number {
    const value = this.text(name);
    return value === null ? fallback : Number(value);
  }
}

/** `translate(1 2) scale(3)` by its parts. */
function applyTransform(pdf: PDFKit.PDFDocument, transform: string): void {
  for (const [, name, list = ''] of transform.matchAll(/(\w+)\(([^)]*)\)/g)) {
    const [a = 0, b = 0, c = 0] = list.split(/[\s,]+/).map(Number);
    if (name === 'translate') pdf.translate(a, b);
    else if (name === 'scale') pdf.scale(a, a);
    else if (name === 'rotate') pdf.rotate(a, { origin: [b, c] });
    else throw new Error(`figures use no transform ${name ?? ''}`);
  }
}

/** Paints the current path as the attributes say. */
function paint(pdf: PDFKit.PDFDocument, attributes: Attributes): void {
  const fill = attributes.text('fill') ?? 'none';
  const stroke = attributes.text('stroke') ?? 'none';
  const dashes = attributes.text('stroke-dasharray');
  const opacity = attributes.text('fill-opacity');
  if (stroke !== 'none') {
    pdf.lineWidth(attributes.number('stroke-width', 1));
    if (dashes !== null) pdf.dash(dashes.split(' ').map(Number) as unknown as number, {});
    if (attributes.text('stroke-linejoin') === 'round') pdf.lineJoin('round');
  }
  if (opacity !== null) pdf.fillOpacity(Number(opacity));
  if (fill !== 'none' && stroke !== 'none') pdf.fillAndStroke(fill, stroke);
  else if (fill !== 'none') pdf.fill(fill);
  else if (stroke !== 'none') pdf.stroke(stroke);
}

/** Draws shaped text from (x, y) on; pdfkit neither shapes across words nor orders directions. */
function drawText(pdf: PDFKit.PDFDocument, element: Element, style: FigureStyle): void {
  const attributes = new Attributes(element);
  const size = attributes.number('font-size');
  const weight: FontWeight = attributes.text('font-weight') === 'bold' ? 'bold' : 'normal';
  const runs = shapeText(element.textContent, style.font, weight);
  const width = runs.reduce((total, run) => total + run.width, 0) * size;
  const anchor = attributes.text('text-anchor');
  const shift = anchor === 'end' ? 1 : anchor === 'middle' ? 0.5 : 0;
  let x = attributes.number('x') - width * shift;
  const y = attributes.number('y');
  for (const run of runs) {
    pdf.registerFont(run.face.key, run.face.bytes);
    pdf
      .font(run.face.key)
      .fontSize(size)
      .fillColor(attributes.text('fill') ?? '#000000');
    pdf.text(run.text, x, y, { lineBreak: false, baseline: 'alphabetic', features: ['kern'] });
    x += run.width * size;
  }
}

function addImage(pdf: PDFKit.PDFDocument, attributes: Attributes): void {
  const data = (attributes.text('href') ?? '').replace(/^data:image\/png;base64,/, '');
  const [width, height] = [attributes.number('width'), attributes.number('height')];
  const picture = Buffer.from(data, 'base64');
  pdf.image(picture, attributes.number('x'), attributes.number('y'), { width, height });
}

type Draw = (pdf: PDFKit.PDFDocument, element: Element, style: FigureStyle) => void;

/** Every element that figures consist of; another one is a mistake in a figure. */
const drawers: Record<string, Draw> = {
  title: () => undefined,
  g: drawChildren,
  text: drawText,
  image: (pdf, element) => {
    addImage(pdf, new Attributes(element));
  },
  rect: (pdf, element) => {
    const of = new Attributes(element);
    pdf.rect(of.number('x'), of.number('y'), of.number('width'), of.number('height'));
    paint(pdf, of);
  },
  line: (pdf, element) => {
    const of = new Attributes(element);
    pdf.moveTo(of.number('x1'), of.number('y1')).lineTo(of.number('x2'), of.number('y2'));
    paint(pdf, of);
  },
  circle: (pdf, element) => {
    const of = new Attributes(element);
    pdf.circle(of.number('cx'), of.number('cy'), of.number('r'));
    paint(pdf, of);
  },
  path: (pdf, element) => {
    const of = new Attributes(element);
    pdf.path(of.text('d') ?? '');
    paint(pdf, of);
  },
};

/** The path of a cell of a map: x, y, width and height. */
const cellPath = /^M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-\3z$/;

/** `0.267 0.004 0.329` of `#440154`: thousandths tell any two of 256 levels apart. */
const toLevels = (color: string): string =>
  [1, 3, 5].map((i) => (Number.parseInt(color.slice(i, i + 2), 16) / 255).toFixed(3)).join(' ');

/**
 * Writes a cell as it is, without a state of its own: a film strip has a hundred thousand of them.
 *
 * @returns whether the element is one
 */
function drawCell(pdf: PDFKit.PDFDocument, element: Element): boolean {
  const cell = cellPath.exec(element.getAttribute('d') ?? '');
  if (cell === null) return false;
  const fill = toLevels(element.getAttribute('fill') ?? '');
  pdf.addContent(`${fill} rg ${cell.slice(1).join(' ')} re f`);
  return true;
}

function drawElement(pdf: PDFKit.PDFDocument, element: Element, style: FigureStyle): void {
  const draw = drawers[element.nodeName];
  if (draw === undefined) throw new Error(`figures use no element ${element.nodeName}`);
  if (drawCell(pdf, element)) return;
  pdf.save();
  const transform = element.getAttribute('transform');
  if (transform !== null) applyTransform(pdf, transform);
  draw(pdf, element, style);
  pdf.restore();
}

function drawChildren(pdf: PDFKit.PDFDocument, parent: Element, style: FigureStyle): void {
  for (let child = parent.firstChild; child !== null; child = child.nextSibling) {
    if (child.nodeType === 1) drawElement(pdf, child as Element, style);
  }
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
 * A one-page PDF, of a version that pdfLaTeX includes without a warning, of the figure's exact size: vectors, fonts embedded as subsets. The same figure
 * gives the same bytes: its identifier follows from the metadata.
 */
export async function renderPdf(
  element: SVGElement,
  style: FigureStyle,
  { title, specification, creator, created }: PdfMetadata,
): Promise<Uint8Array> {
  const [, , width = 0, height = 0] = (element.getAttribute('viewBox') ?? '')
    .split(' ')
    .map(Number);
  const info = {
    Title: title,
    Subject: specification,
    Creator: creator,
    Producer: creator,
    CreationDate: created,
  };
  const pdf = new PDFDocument({ autoFirstPage: false, compress: false, pdfVersion: '1.4', info });
  const bytes = collect(pdf);
  pdf.addPage({ size: [width, height], margin: 0 });
  drawChildren(pdf, element, style);
  compressPage(pdf);
  omitXmp(pdf);
  pdf.end();
  return bytes;
}
