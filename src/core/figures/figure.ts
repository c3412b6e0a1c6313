import { AfterimageError } from '../errors.ts';
import type { Judgement } from '../metrics/metric.ts';
import type { FigureOptions, Pen } from './drawing/pen.ts';
import type { FigureSource } from './source.ts';
import { ptToMm } from './style.ts';

export type DataCell = string | number | boolean | null;

/** The numbers behind a figure. */
export interface DataTable {
  columns: string[];
  /** Each as long as `columns`. */
  rows: DataCell[][];
}

/** One kind of figure. All but `gather` are pure functions of the data. */
export interface Figure<Spec, Data> {
  /** Reads what is drawn. INVALID_ARGUMENT, NOT_FOUND where the history has no such thing. */
  gather: (spec: Spec, source: FigureSource) => Data | Promise<Data>;
  /** @returns the height, pt; the width is the style's */
  draw: (pen: Pen, data: Data) => number;
  /** Plain text: what is shown, of which runs, how each measure is defined. */
  caption: (data: Data) => string;
  tabulate: (data: Data) => DataTable;
}

/** INVALID_ARGUMENT if the figure is narrower than what it must hold. */
export function requireWidth(options: FigureOptions, leastPt: number, what: string): void {
  const { widthPt } = options.style;
  if (widthPt + 1e-6 >= leastPt) return;
  const mm = (value: number): string => ptToMm(value).toFixed(1);
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `A width of ${mm(widthPt)} mm is too little for ${what}.`,
    `Give at least ${(Math.ceil(ptToMm(leastPt) * 10) / 10).toFixed(1)} mm, fewer columns or a smaller font.`,
  );
}

/** INVALID_ARGUMENT if the page, or what a heading leaves of it, is shorter than what a figure must hold. */
export function requireHeight(pen: Pen, leastPt: number, what: string): void {
  const { tallestPt } = pen.style;
  if (tallestPt + 1e-6 >= leastPt) return;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `A height of ${Math.max(0, ptToMm(tallestPt)).toFixed(1)} mm, which the venue's page leaves, is too little for ${what}.`,
    'Choose a smaller font, a shorter title or another venue.',
  );
}

/** What figures say of a run. */
export interface RunLabel extends Judgement {
  id: string;
  name: string;
  /** As `paradigmOf` calls it. */
  paradigm: string;
  seed: number;
  dataset: string;
}

const describeSeed = (seed: number, epoch?: number): string =>
  `seed ${seed}${epoch === undefined ? '' : `, epoch ${epoch}`}`;

/** `name (paradigm C, seed 1)`, with the epoch where one is shown. */
export const describeRun = ({ name, paradigm, seed }: RunLabel, epoch?: number): string =>
  `${name} (paradigm ${paradigm}, ${describeSeed(seed, epoch)})`;

/**
 * Runs of one configuration: `name (paradigm R; seed 1, epoch 3; seed 2, epoch 5)`.
 *
 * @param name what all of them are called before their seeds; where they are not, each is described
 */
export function describeSeeds(
  name: string,
  shown: readonly { run: RunLabel; epoch?: number | undefined }[],
): string[] {
  const [first] = shown;
  const isCommon = shown.length > 1 && shown.every(({ run }) => run.name.startsWith(name));
  if (first === undefined || !isCommon) {
    return shown.map(({ run, epoch }) => describeRun(run, epoch));
  }
  const seeds = shown.map(({ run, epoch }) => describeSeed(run.seed, epoch));
  return [`${name} (paradigm ${first.run.paradigm}; ${seeds.join('; ')})`];
}

/** `C` and `R`, or `first` and `second` for runs of one paradigm. */
export const shortNames = (first: RunLabel, second: RunLabel): [string, string] =>
  first.paradigm === second.paradigm ? ['first', 'second'] : [first.paradigm, second.paradigm];

/** `a, b and c` */
export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** `(a)`, `(b)`, ... for panel 0, 1, ...; after z come aa, ab, ... */
export function panelLetter(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  const earlier = Math.floor(index / 26);
  return earlier === 0 ? letter : panelLetter(earlier - 1) + letter;
}

export const minus = '−';

/** A number for readers: a proper minus sign. */
export const formatNumber = (value: number, decimals: number): string =>
  value.toFixed(decimals).replace('-', minus);
