import type { DataSet } from 'dicom-parser';

/** What became of a frame's values. */
export interface Windowed {
  /** 0 to 255. */
  levels: Uint8Array;
  /** Whether the file names a window; else its smallest and largest value make one. */
  isStored: boolean;
  isInverted: boolean;
}

interface Window {
  centre: number;
  width: number;
  shape: string;
}

/**
 * A value's level between 0 and 1, as DICOM defines the functions LINEAR, LINEAR_EXACT and SIGMOID
 * (PS3.3 C.11.2.1.2 and C.11.2.1.3).
 */
export function applyWindow(value: number, { centre, width, shape }: Window): number {
  if (shape === 'SIGMOID') return 1 / (1 + Math.exp((-4 * (value - centre)) / width));
  const isExact = shape === 'LINEAR_EXACT';
  const middle = isExact ? centre : centre - 0.5;
  const range = isExact ? width : width - 1;
  if (value <= middle - range / 2) return 0;
  if (value > middle + range / 2) return 1;
  return (value - middle) / range + 0.5;
}

const numberAt = (data: DataSet, tag: string): number | null => {
  const value = Number(data.string(tag, 0) ?? Number.NaN);
  return Number.isFinite(value) ? value : null;
};

/** Stored values, [N], as the numbers that they stand for: signed, with the bits in use. */
function createDecoder(data: DataSet, allocated: number): (value: number) => number {
  const bits = data.uint16('x00280101') ?? allocated;
  const highBit = data.uint16('x00280102') ?? bits - 1;
  const shift = Math.max(0, highBit + 1 - bits);
  const isSigned = data.uint16('x00280103') === 1;
  const [slope, intercept] = [numberAt(data, 'x00281053') ?? 1, numberAt(data, 'x00281052') ?? 0];
  return (value) => {
    const unsigned = (value >>> shift) & (2 ** bits - 1);
    const stored = isSigned && unsigned >= 2 ** (bits - 1) ? unsigned - 2 ** bits : unsigned;
    return stored * slope + intercept;
  };
}

function readWindow(data: DataSet): Window | null {
  const [centre, width] = [numberAt(data, 'x00281050'), numberAt(data, 'x00281051')];
  if (centre === null || width === null || width <= 0) return null;
  return { centre, width, shape: data.string('x00281056') ?? 'LINEAR' };
}

/** From the smallest to the largest of the values. */
function spanWindow(values: Float64Array): Window {
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
  return { centre: (low + high) / 2, width: Math.max(high - low, 1), shape: 'LINEAR_EXACT' };
}

/** Grey values as 8-bit levels: rescaled, through the first window of the file, upright in brightness. */
export function openWindow(data: DataSet, stored: Uint8Array | Uint16Array): Windowed {
  const decode = createDecoder(data, stored.BYTES_PER_ELEMENT * 8);
  const values = new Float64Array(stored).map((value) => decode(value));
  const named = readWindow(data);
  const window = named ?? spanWindow(values);
  const isInverted = data.string('x00280004') === 'MONOCHROME1';
  const levels = values.map((value) => {
    const level = applyWindow(value, window);
    return Math.round(255 * (isInverted ? 1 - level : level));
  });
  return { levels: new Uint8Array(levels), isStored: named !== null, isInverted };
}

/** What a set's description says, with how many images that holds for before it. */
export const windowRemarks = ({ isStored, isInverted }: Windowed): string[] => [
  isStored
    ? 'DICOM images were read through their slope, intercept and window'
    : 'DICOM images name no window: from their smallest to their largest value became 0 to 255',
  ...(isInverted ? ['of MONOCHROME1 were inverted'] : []),
];
