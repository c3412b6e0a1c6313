import { z } from 'zod';

/** Checked by `parseFigureSpec`, whose errors say which field is wrong. */
export const figureSpecification = z.record(z.string(), z.unknown());
export const figureName = z.string().trim().min(1).max(200);

export const savedFigureSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** As it was saved: a later version may refuse it, which is no reason to lose it. */
  specification: figureSpecification,
  createdAt: z.string(),
  changedAt: z.string(),
});
export type SavedFigure = z.infer<typeof savedFigureSchema>;

export const builtFigureSchema = z.object({
  /** The SVG file that an export would write, to the byte. */
  svg: z.instanceof(Blob),
  title: z.string(),
  caption: z.string(),
  widthPt: z.number(),
  heightPt: z.number(),
  /** With ids for the runs' names. */
  specification: figureSpecification,
});
export type BuiltFigureAnswer = z.infer<typeof builtFigureSchema>;

/** `json` is the record that rebuilds the figure; `zip` holds every other file. */
export const figureFiles = ['svg', 'pdf', 'png', 'csv', 'json', 'zip'] as const;
export type FigureFile = (typeof figureFiles)[number];
