import { formatNumber, minus } from '../figure.ts';

export interface Tick {
  value: number;
  text: string;
}

/** The smallest round number that is at least `raw`: 1, 2 or 5 times a power of ten. */
export function roundStep(raw: number, whole = false): number {
  const least = whole ? Math.max(1, raw) : raw;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((candidate) => candidate * power >= least * 0.999) ?? 10) * power;
}

/** About `count` round numbers inside the range, at least two unless they must be whole. */
export function listTicks(range: readonly [number, number], count: number, whole = false): Tick[] {
  const ticks = placeTicks(range, roundStep((range[1] - range[0]) / Math.max(1, count), whole));
  // One number tells no scale.
  return ticks.length < 2 && !whole && count < 10 ? listTicks(range, count + 1) : ticks;
}

function placeTicks([low, high]: readonly [number, number], step: number): Tick[] {
  const decimals = decimalsOf(step);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const values = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  return writeTicks(values, (value) => formatNumber(value, decimals));
}

/** Most that `toFixed` takes, and more than a step of readable ticks needs. */
const mostDecimals = 100;

function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < mostDecimals; decimals += 1) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return mostDecimals;
}

/** Digits of the longest number that is still written out: 999999, 0.00001. */
const mostDigits = 6;
/** Whether a number is written out and short; `toFixed` itself falls back to an exponent. */
const isShort = (text: string): boolean =>
  !text.includes('e') && text.replace(/\D/g, '').length <= mostDigits;

/**
 * Ticks of one axis, all written alike: as `write` says, or as powers of ten where a number has more
 * than six digits and powers are shorter.
 */
export function writeTicks(values: readonly number[], write: (value: number) => string): Tick[] {
  const toTicks = (texts: readonly string[]): Tick[] =>
    values.map((value, i) => ({ value, text: texts[i] ?? '' }));
  const written = values.map(write);
  if (written.every(isShort)) return toTicks(written);
  const powers = values.map(writePower);
  const longest = (texts: readonly string[]): number =>
    texts.reduce((most, { length }) => Math.max(most, length), 0);
  return toTicks(longest(powers) <= longest(written) ? powers : written);
}

const superscripts: Record<string, string> = { '+': '', '-': '⁻' };
for (const [digit, raised] of Array.from('⁰¹²³⁴⁵⁶⁷⁸⁹').entries()) superscripts[digit] = raised;

/** 2500000 -> `2.5×10⁶`, 1e-7 -> `10⁻⁷`, 30 -> `30`. */
export function writePower(value: number): string {
  // Twelve digits leave out what is rounding in a multiple of a step.
  const rounded = Number(value.toPrecision(12));
  const [mantissa = '', exponent = ''] = rounded.toExponential().split('e');
  if (exponent === '+0' || exponent === '+1') return String(rounded).replace('-', minus);
  const power = `10${Array.from(exponent, (sign) => superscripts[sign] ?? '').join('')}`;
  const factor = Math.abs(Number(mantissa)) === 1 ? mantissa.replace('1', '') : `${mantissa}×`;
  return `${factor.replace('-', minus)}${power}`;
}

/** 1, 10, 100, ... at their decadic logarithms, up to the largest that is not above `top`. */
export function listDecades(top: number): Tick[] {
  const powers = Array.from({ length: Math.floor(top) + 1 }, (_, power) => power);
  const texts = writeTicks(
    powers.map((power) => 10 ** power),
    String,
  );
  return powers.map((value, i) => ({ value, text: texts[i]?.text ?? '' }));
}
