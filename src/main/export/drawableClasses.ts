import type { FigureSource } from '../../core/figures/source.ts';
import type { DatasetRecord } from '../../core/records.ts';
import { canDraw, type Fonts } from './fonts.ts';

/** A history whose classes can all be drawn, and what that took. */
export interface DrawableClasses {
  source: FigureSource;
  /** For the caption; empty where every name can be drawn. */
  note: string;
}

/** The same history, which says of which runs' data sets it has been asked. */
export function watchDatasets(source: FigureSource): { source: FigureSource; asked: Set<string> } {
  const asked = new Set<string>();
  const getDataset = (runId: string): DatasetRecord => {
    asked.add(runId);
    return source.getDataset(runId);
  };
  return { source: { ...source, getDataset }, asked };
}

/**
 * The same history, but classes whose names have characters that no font of the application has go by
 * their numbers: a figure with a number is of more use than none.
 *
 * @param runIds runs whose classes are shown
 */
export function drawClasses(
  source: FigureSource,
  runIds: Iterable<string>,
  fonts: Fonts,
): DrawableClasses {
  const nameClass = (name: string, index: number): string =>
    canDraw(name, fonts) ? name : `#${index}`;
  const getDataset = (runId: string): DatasetRecord => {
    const record = source.getDataset(runId);
    return { ...record, classNames: record.classNames.map(nameClass) };
  };
  const replaced = new Map(
    [...runIds].flatMap((id) =>
      source
        .getDataset(id)
        .classNames.map((name, index) => [nameClass(name, index), name] as const)
        .filter(([shown, name]) => shown !== name),
    ),
  );
  const list = [...replaced].map(([number, name]) => `${number} is ${name}`).join(', ');
  const note =
    list === ''
      ? ''
      : ` Classes whose names no font of the application has are numbered from 0: ${list}.`;
  return { source: { ...source, getDataset }, note };
}
