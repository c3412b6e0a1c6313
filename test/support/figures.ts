import {
  bindFigure as bind,
  loadFigure,
  type BoundFigure,
  type FigureData,
} from '../../src/core/figures/gather.ts';
import type { Figure } from '../../src/core/figures/figure.ts';
import { templates, type SpecOf, type Template } from '../../src/core/figures/spec.ts';

type Figures = { [T in Template]: Figure<SpecOf<T>, FigureData[T]> };

const entries = templates.map(async (name) => [name, await loadFigure(name)] as const);
const figures = Object.fromEntries(await Promise.all(entries)) as unknown as Figures;

export const bindFigure = <T extends Template>(template: T, data: FigureData[T]): BoundFigure =>
  bind(figures[template], data);
