import { drawSheet, type FigureOptions } from './drawing/pen.ts';
import type { Drawing } from './drawing/shapes.ts';
import type { DataTable, Figure } from './figure.ts';
import { registry, type Template } from './registry.ts';
import type { FigureSource } from './source.ts';
import type { FigureSpec, SpecOf } from './spec.ts';

type Loaded<T extends Template> = Awaited<ReturnType<(typeof registry)[T]['load']>>;

/** What each template draws. */
export type FigureData = {
  [T in Template]: Loaded<T> extends Figure<never, infer Data> ? Data : never;
};

/** The same registry, so typed that each template's figure is known to take its own specification. */
const loaders: {
  readonly [T in Template]: { load: () => Promise<Figure<SpecOf<T>, FigureData[T]>> };
} = registry;

/** How a template gathers and draws. */
export const loadFigure = <T extends Template>(
  template: T,
): Promise<Figure<SpecOf<T>, FigureData[T]>> => loaders[template].load();

/** A figure whose data are at hand. */
export interface BoundFigure {
  caption: string;
  table: DataTable;
  draw: (options: FigureOptions) => Drawing;
}

export const bindFigure = <Data>(
  figure: Omit<Figure<never, Data>, 'gather'>,
  data: Data,
): BoundFigure => ({
  caption: figure.caption(data),
  table: figure.tabulate(data),
  draw: (options) => drawSheet(options, (pen) => figure.draw(pen, data)),
});

async function gatherAs<T extends Template>(
  template: T,
  spec: SpecOf<T>,
  source: FigureSource,
): Promise<BoundFigure> {
  const figure = await loadFigure(template);
  return bindFigure(figure, await figure.gather(spec, source));
}

/** Reads what the specification asks for from the history. */
export const gatherFigure = (spec: FigureSpec, source: FigureSource): Promise<BoundFigure> =>
  gatherAs(spec.template, spec, source);
