import { seedSchema } from '../../../core/config/runConfig.ts';
import { membersOf, nameSet, noComponent } from '../../../core/config/settings.ts';
import { describeChoices } from '../../../core/config/settingWords.ts';
import type { NumberRange, Setting, SettingValue } from '../../../core/config/settings.ts';
import { formatNumber } from '../../composables/format.ts';

/** What a field's text means: its values in order, or why it means nothing. */
export type ParsedField =
  | { values: readonly [SettingValue, ...SettingValue[]]; error: null }
  | { values: null; error: string };

/** More than this many values in one field are a slip of the finger. */
const mostValues = 1000;

export const seedRange: NumberRange = {
  minimum: seedSchema.minValue ?? 0,
  maximum: seedSchema.maxValue ?? Infinity,
  excludesMinimum: false,
  excludesMaximum: false,
};

class FieldProblem extends Error {}

/** The words that stand for null, the first of which is shown. */
const nullWords = ({ nullMeans = 'none' }: Pick<Setting, 'nullMeans'>): readonly string[] => [
  nullMeans,
  'none',
];

/** A value as text in a field. */
export function formatFieldValue(setting: Pick<Setting, 'nullMeans'>, value: SettingValue): string {
  if (value === null) return nullWords(setting)[0] ?? '';
  return String(value);
}

const bound = (value: number): string => formatNumber(value, 6);

/** A range in words: "at least 1", "above 0 and at most 1", "from 0 to 10,000". */
export function describeRange(range: NumberRange): string {
  const { minimum, maximum, excludesMinimum, excludesMaximum } = range;
  const hasMaximum = maximum < 2_147_483_647;
  if (hasMaximum && !excludesMinimum && !excludesMaximum) {
    return `from ${bound(minimum)} to ${bound(maximum)}`;
  }
  const lower = `${excludesMinimum ? 'above' : 'at least'} ${bound(minimum)}`;
  if (!hasMaximum) return lower;
  return `${lower} and ${excludesMaximum ? 'below' : 'at most'} ${bound(maximum)}`;
}

const isInside = (value: number, range: NumberRange): boolean =>
  (range.excludesMinimum ? value > range.minimum : value >= range.minimum) &&
  (range.excludesMaximum ? value < range.maximum : value <= range.maximum);

function parseNumber(text: string, isInteger: boolean, range: NumberRange): number {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new FieldProblem(`“${text}” is not a number.`);
  if (isInteger && !Number.isInteger(value))
    throw new FieldProblem(`${text} is not a whole number.`);
  if (!isInside(value, range)) {
    throw new FieldProblem(`${text} is out of range: it must be ${describeRange(range)}.`);
  }
  return value;
}

/** "1..6" as the whole numbers it spans, else null. */
function parseSpan(text: string, range: NumberRange): number[] | null {
  const match = /^(-?\d+)\s*(?:\.\.|…)\s*(-?\d+)$/.exec(text);
  if (match === null) return null;
  const [from, to] = [match[1] ?? '', match[2] ?? ''].map((end) =>
    parseNumber(end, true, range),
  ) as [number, number];
  if (from > to) throw new FieldProblem(`${text} counts down; write the smaller number first.`);
  if (to - from >= mostValues) {
    throw new FieldProblem(`${text} is more than ${formatNumber(mostValues)} values.`);
  }
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function parseSet(item: string, members: readonly string[]): string {
  const set = nameSet(membersOf(item), members);
  if (set === null) {
    throw new FieldProblem(`“${item}” is not ${noComponent} or some of ${members.join(', ')}.`);
  }
  return set;
}

function parseItem(field: Setting, item: string): SettingValue[] {
  if (field.nullable && nullWords(field).includes(item.toLowerCase())) return [null];
  if (field.kind === 'integer' || field.kind === 'number') {
    return (
      parseSpan(item, field.range) ?? [parseNumber(item, field.kind === 'integer', field.range)]
    );
  }
  if (field.kind === 'set') return [parseSet(item, field.members)];
  if (field.kind === 'choice' && !field.choices.includes(item)) {
    throw new FieldProblem(`“${item}” is not ${describeChoices(field.choices)}.`);
  }
  return [item];
}

function checkValues(values: readonly SettingValue[]): readonly [SettingValue, ...SettingValue[]] {
  const [first, ...others] = values;
  if (first === undefined) throw new FieldProblem('A value is missing.');
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) throw new FieldProblem(`${twice ?? 'all'} is there twice.`);
  if (values.length > mostValues) {
    throw new FieldProblem(`At most ${formatNumber(mostValues)} values fit.`);
  }
  return [first, ...others];
}

function parse(text: string, parseOne: (item: string) => readonly SettingValue[]): ParsedField {
  try {
    const items = text.split(',').map((item) => item.trim());
    if (items.some((item) => item === '')) {
      throw new FieldProblem(
        items.length === 1 ? 'A value is missing.' : 'There is a comma too many.',
      );
    }
    return { values: checkValues(items.flatMap(parseOne)), error: null };
  } catch (problem) {
    if (problem instanceof FieldProblem) return { values: null, error: problem.message };
    throw problem;
  }
}

/** One value, several by commas, or a span of whole numbers: "0.1, 1, 10" or "1..6". */
export function parseField(field: Setting, text: string): ParsedField {
  if (field.nullable && text.trim() === '') return { values: [null], error: null };
  return parse(text, (item) => parseItem(field, item));
}

export const parseSeeds = (text: string): ParsedField =>
  parse(text, (item) => parseSpan(item, seedRange) ?? [parseNumber(item, true, seedRange)]);
