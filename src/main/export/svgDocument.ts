import { DOMImplementation, XMLSerializer } from '@xmldom/xmldom';

/** A document to draw figures in where there is no browser. */
export const createSvgDocument = (): Document =>
  new DOMImplementation().createDocument(null, '') as unknown as Document;

type Serializable = Parameters<XMLSerializer['serializeToString']>[0];

/** An SVG file. */
export function serializeSvg(element: SVGElement): string {
  const text = new XMLSerializer().serializeToString(element as unknown as Serializable);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`;
}
