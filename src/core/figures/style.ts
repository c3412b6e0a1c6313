import { z } from 'zod';
import { colorMapNames } from '../maps/colorMaps.ts';
import { AfterimageError } from '../errors.ts';

export const pointsPerInch = 72;
const pointsPerMm = pointsPerInch / 25.4;

/** TeX's point, of which 72.27 are an inch, in ours: templates state their columns in it. */
const texPt = pointsPerInch / 72.27;

export const mmToPt = (mm: number): number => mm * pointsPerMm;
export const ptToMm = (pt: number): number => pt / pointsPerMm;

/** Colours of the paper's two paradigms, as in the window; others take the rest of a figure's colours. */
export const paradigmColors: Readonly<Record<string, string>> = { C: '#0072b2', R: '#d55e00' };

/** What a figure may take of a page's text block, so that its caption still fits below it. */
const besideCaption = (textHeightPt: number): number => textHeightPt * 0.85;

/**
 * What a venue's instructions to authors ask of a figure: the widths of its template's columns, so
 * that a figure put in unscaled neither falls short of a column nor sticks out of it, and how tall
 * it may be.
 */
export interface Venue {
  title: string;
  /** One column and the whole text block; the same where a page has one column. */
  oneColumnPt: number;
  twoColumnsPt: number;
  /** Of a figure with its caption on the same page; on a slide, with a title above. */
  tallestPt: number;
  font: FontName;
  fontSizePt: number;
  lineWidthPt: number;
}

/** `sans` has the widths of Arial and Helvetica, `serif` those of Times New Roman. */
export const fontNames = ['sans', 'serif', 'dejavu-sans'] as const;
export type FontName = (typeof fontNames)[number];

/** Names for whoever opens an SVG: the font itself, then what has the same widths. */
export const fontFamilies: Record<FontName, string> = {
  sans: 'Arimo, Arial, Helvetica, sans-serif',
  serif: "Tinos, 'Times New Roman', Times, serif",
  'dejavu-sans': "'DejaVu Sans', Verdana, sans-serif",
};

export const venues = {
  ieee: {
    title: 'IEEE',
    oneColumnPt: 252 * texPt,
    twoColumnsPt: 516 * texPt,
    tallestPt: besideCaption(672 * texPt),
    font: 'sans',
    fontSizePt: 8,
    lineWidthPt: 0.75,
  },
  lncs: {
    title: 'Springer LNCS',
    oneColumnPt: mmToPt(122),
    twoColumnsPt: mmToPt(122),
    tallestPt: besideCaption(mmToPt(193)),
    font: 'sans',
    fontSizePt: 8,
    lineWidthPt: 0.75,
  },
  elsevier: {
    title: 'Elsevier',
    oneColumnPt: mmToPt(90),
    twoColumnsPt: mmToPt(190),
    tallestPt: besideCaption(682 * texPt),
    font: 'sans',
    fontSizePt: 7,
    lineWidthPt: 0.75,
  },
  nature: {
    title: 'Nature',
    oneColumnPt: mmToPt(89),
    twoColumnsPt: mmToPt(183),
    // Stated by the journal itself.
    tallestPt: mmToPt(170),
    font: 'sans',
    fontSizePt: 7,
    lineWidthPt: 0.75,
  },
  neurips: {
    title: 'NeurIPS',
    oneColumnPt: 5.5 * pointsPerInch,
    twoColumnsPt: 5.5 * pointsPerInch,
    tallestPt: besideCaption(9 * pointsPerInch),
    font: 'serif',
    fontSizePt: 9,
    lineWidthPt: 0.75,
  },
  acm: {
    title: 'ACM',
    oneColumnPt: 241.14749 * texPt,
    twoColumnsPt: 506.295 * texPt,
    tallestPt: besideCaption(626 * texPt),
    font: 'sans',
    fontSizePt: 8,
    lineWidthPt: 0.75,
  },
  slide: {
    title: 'Slide, 16:9',
    oneColumnPt: 432,
    twoColumnsPt: 864,
    tallestPt: besideCaption(486),
    font: 'sans',
    fontSizePt: 18,
    lineWidthPt: 1.5,
  },
} as const satisfies Record<string, Venue>;
export type VenueName = keyof typeof venues;
export const venueNames = Object.keys(venues) as [VenueName, ...VenueName[]];

const size = (least: number, most: number) => z.number().min(least).max(most);

/** How a figure looks; everything not said follows from the venue. */
export const figureStyleSchema = z.strictObject({
  venue: z.enum(venueNames).default('ieee'),
  columns: z.union([z.literal(1), z.literal(2)]).optional(),
  widthMm: size(1, 2000).optional(),
  widthPt: size(1, 6000).optional(),
  font: z.enum(fontNames).optional(),
  fontSizePt: size(3, 72).optional(),
  lineWidthPt: size(0.1, 10).optional(),
  colorMap: z.enum(colorMapNames).default('viridis'),
  background: z.enum(['white', 'transparent']).default('white'),
  /** Maps resampled to four times their size instead of one cell per value. */
  smooth: z.boolean().default(false),
  panelLetters: z.boolean().default(true),
  colorBar: z.boolean().default(true),
  /** Of a PNG. */
  dpi: z.number().int().min(30).max(2400).default(600),
  /** Of an SVG; not said in specifications from before it, which must stay as they are. */
  embedFonts: z.boolean().optional(),
});
export type FigureStyleSettings = z.infer<typeof figureStyleSchema>;

/** A style with nothing left open. */
export interface FigureStyle {
  widthPt: number;
  /** Tallest that the figure may be; infinite for one that is too wide for the venue's page. */
  tallestPt: number;
  font: FontName;
  fontSizePt: number;
  lineWidthPt: number;
  colorMap: FigureStyleSettings['colorMap'];
  background: FigureStyleSettings['background'];
  smooth: boolean;
  panelLetters: boolean;
  colorBar: boolean;
  dpi: number;
  embedFonts: boolean;
}

/** A width of the venue's own that somebody rounded up is still its own. */
const rounding = 1.01;

/**
 * Fills in what the venue decides.
 *
 * @param defaultColumns what suits the template where neither width nor columns are given
 */
export function resolveStyle(settings: FigureStyleSettings, defaultColumns: 1 | 2): FigureStyle {
  const { venue: venueName, columns, widthMm, widthPt, ...rest } = settings;
  const venue: Venue = venues[venueName];
  const given = [columns, widthMm, widthPt].filter((value) => value !== undefined);
  if (given.length > 1) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      'The style gives the width more than once.',
      'Give only one of columns, widthMm and widthPt.',
    );
  }
  const ofVenue = (columns ?? defaultColumns) === 2 ? venue.twoColumnsPt : venue.oneColumnPt;
  const width = widthPt ?? (widthMm === undefined ? ofVenue : mmToPt(widthMm));
  return {
    ...rest,
    widthPt: width,
    tallestPt: width > venue.twoColumnsPt * rounding ? Infinity : venue.tallestPt,
    font: rest.font ?? venue.font,
    fontSizePt: rest.fontSizePt ?? venue.fontSizePt,
    lineWidthPt: rest.lineWidthPt ?? venue.lineWidthPt,
    embedFonts: rest.embedFonts === true,
  };
}
