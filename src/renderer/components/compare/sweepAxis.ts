import { extentOf } from '../../../core/arrays.ts';
import { listTicks } from '../../../core/figures/charts/ticks.ts';
import type { SettingValue } from '../../../core/config/settings.ts';
import { orderValues } from '../../../core/statistics/sweep.ts';
import { formatNumber } from '../../composables/format.ts';

/** Where values lie on an axis of length 1. */
export interface SweepAxis {
  /** From 0 to 1; null for a value that the axis has no place for. */
  place: (value: SettingValue | undefined) => number | null;
  ticks: { at: number; text: string }[];
}

/** Room at both ends, of the length. */
const pad = 0.06;
const inset = (share: number): number => pad + share * (1 - 2 * pad);

const isNumber = (value: SettingValue | undefined): value is number => typeof value === 'number';

/** Whether a logarithmic axis has a place for all of them. */
export const canBeLogarithmic = (values: readonly (SettingValue | undefined)[]): boolean => {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 && known.every((value) => isNumber(value) && value > 0);
};

/** More than so many values get round ticks instead of one each. */
const mostOwnTicks = 8;

function numericAxis(values: readonly number[], isLog: boolean): SweepAxis {
  const scale = (value: number): number => (isLog ? Math.log10(value) : value);
  const scaled = values.map(scale);
  const [low, high] = extentOf(scaled);
  const toShare = (value: number): number =>
    high === low ? 0.5 : inset((scale(value) - low) / (high - low));
  const own = [...new Set(values)].toSorted((a, b) => a - b);
  const ticks =
    own.length <= mostOwnTicks || isLog
      ? thin(own).map((value) => ({ at: toShare(value), text: formatNumber(value) }))
      : listTicks([low, high], 5).map(({ value, text }) => ({ at: toShare(value), text }));
  return { place: (value) => (isNumber(value) ? toShare(value) : null), ticks };
}

/** At most as many as have room, evenly chosen. */
const thin = (values: readonly number[]): number[] => {
  const step = Math.ceil(values.length / mostOwnTicks);
  return values.filter((_, i) => i % step === 0);
};

function namedAxis(
  values: readonly SettingValue[],
  write: (value: SettingValue) => string,
): SweepAxis {
  const names = orderValues(values);
  const toShare = (index: number): number =>
    names.length === 1 ? 0.5 : inset(index / (names.length - 1));
  return {
    place: (value) => {
      const index = names.findIndex((name) => name === value);
      return index < 0 ? null : toShare(index);
    },
    ticks: names.map((name, i) => ({ at: toShare(i), text: write(name) })),
  };
}

/**
 * An axis for values of a setting: of numbers by their size, of anything else a place each, in order.
 *
 * @param write a value in words
 */
export function buildAxis(
  values: readonly (SettingValue | undefined)[],
  isLog: boolean,
  write: (value: SettingValue) => string,
): SweepAxis {
  const known = values.filter((value) => value !== undefined);
  const numbers = known.filter(isNumber);
  if (numbers.length === 0 || numbers.length < known.length) return namedAxis(known, write);
  return numericAxis(numbers, isLog && canBeLogarithmic(numbers));
}

/** Whether values span so much that only a logarithmic axis shows the small ones. */
export function wantsLogarithm(values: readonly (SettingValue | undefined)[]): boolean {
  const numbers = values.filter(isNumber);
  const [least, most] = extentOf(numbers);
  return canBeLogarithmic(values) && most / least > 20;
}
