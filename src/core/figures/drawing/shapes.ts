import type { FontName } from '../style.ts';

/*
 * What a figure consists of. Lengths in pt, rounded to a thousandth unless said otherwise; x to the
 * right, y downwards; colours as `#rrggbb`. Whatever writes figures writes all of these and nothing else.
 */

export type FontWeight = 'normal' | 'bold';
export type Anchor = 'start' | 'middle' | 'end';
export type Point = readonly [x: number, y: number];

export interface Stroke {
  readonly color: string;
  readonly widthPt: number;
  /** Lengths of dashes and gaps in turn; none or empty: unbroken. */
  readonly dashes?: readonly number[];
  readonly hasRoundJoins?: boolean;
}

/** How an area is filled and outlined; not at all where nothing is said. */
export interface Paint {
  readonly fill?: string;
  /** From 0 to 1; 1 where not said. */
  readonly fillOpacity?: number;
  readonly stroke?: Stroke;
}

export interface RectShape extends Paint {
  readonly kind: 'rect';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface CircleShape extends Paint {
  readonly kind: 'circle';
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

export interface LineShape {
  readonly kind: 'line';
  readonly from: Point;
  readonly to: Point;
  readonly stroke: Stroke;
}

/** Lines through points, one after the other; where filled, each from its last point to its first. */
export interface PolylineShape extends Paint {
  readonly kind: 'polyline';
  readonly lines: readonly (readonly Point[])[];
}

export interface TextShape {
  readonly kind: 'text';
  /** As it is shown: white space folded. */
  readonly text: string;
  /** Of the anchor, on the baseline. */
  readonly x: number;
  readonly y: number;
  readonly sizePt: number;
  readonly weight: FontWeight;
  readonly anchor: Anchor;
  /** Turned around its anchor. */
  readonly isUpwards: boolean;
  readonly fill: string;
}

/** A square of values' colours: an image, a map, or the difference of two maps. */
export interface PictureShape {
  readonly kind: 'picture';
  readonly shows: 'image' | 'cam' | 'difference';
  readonly x: number;
  readonly y: number;
  /** Not rounded: its cells are a small part of it. */
  readonly sidePt: number;
  /** Values along each side. */
  readonly size: number;
  /** [size, size], 0xAABBGGRR, row by row. */
  readonly colors: Uint32Array;
  /** Whether the colours are pixels of a bitmap; else each is an area of its own. */
  readonly isBitmap: boolean;
}

/** Shapes whose origin is at (x, y). */
export interface GroupShape {
  readonly kind: 'group';
  readonly x: number;
  readonly y: number;
  /** Whether their x axis points upwards. */
  readonly isUpwards: boolean;
  readonly shapes: readonly Shape[];
}

/** An area of any outline. */
export interface PathShape extends Paint {
  readonly kind: 'path';
  /** As SVG writes it, in pt. */
  readonly data: string;
}

export type Shape =
  | PathShape
  | RectShape
  | CircleShape
  | LineShape
  | PolylineShape
  | TextShape
  | PictureShape
  | GroupShape;

/** A figure drawn. */
export interface Drawing {
  readonly widthPt: number;
  readonly heightPt: number;
  /** Said to screen readers. */
  readonly title: string;
  /** None: transparent. */
  readonly background: string | null;
  readonly font: FontName;
  readonly shapes: readonly Shape[];
}

/** To a thousandth of a point: 0.35 micrometres. */
export const roundLength = (value: number): number => Math.round(value * 1000) / 1000 + 0;
