import type { FigureSource } from '../../core/figures/source.ts';
import type { FontName } from '../../core/figures/style.ts';
import type { DatasetRecord } from '../../core/records.ts';
import { canDraw } from './fonts.ts';

/** A history whose classes can all be drawn, and what that took. */
export interface DrawableClasses {
  source: FigureSource;
  /** For the caption, once all is gathered; empty where every name could be drawn. */
  describe: () => string;
}

/**
 * The same history, but classes whose names have characters that no font of the application has go by
 * their numbers: a figure with a number is of more use than none.
 */
export function drawClasses(source: FigureSource, font: FontName): DrawableClasses {
  const replaced = new Map<string, string>();
  const nameClass = (name: string, index: number): string => {
    if (canDraw(name, font)) return name;
    replaced.set(`#${index}`, name);
    return `#${index}`;
  };
  const getDataset = (runId: string): DatasetRecord => {
    const record = source.getDataset(runId);
    return { ...record, classNames: record.classNames.map(nameClass) };
  };
  const describe = (): string => {
    if (replaced.size === 0) return '';
    const list = [...replaced].map(([number, name]) => `${number} is ${name}`).join(', ');
    return ` Classes whose names no font of the application has are numbered from 0: ${list}.`;
  };
  return { source: { ...source, getDataset }, describe };
}
