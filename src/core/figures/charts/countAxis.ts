import { stackTicks } from './chart.ts';
import type { CountScale } from '../fields.ts';
import type { Pen } from '../drawing/pen.ts';
import { listDecades, type Tick } from './ticks.ts';

/** Below this share of the highest bar, a bar can hardly be seen. */
const leastVisible = 0.02;

/** `log` where most bins that are not empty would be too low to be seen beside the highest. */
export function chooseCountScale(counts: readonly number[]): CountScale {
  const filled = counts.filter((count) => count > 0).sort((a, b) => a - b);
  const [middle = 0, highest = 0] = [filled[Math.floor(filled.length / 2)], filled.at(-1)];
  return middle < highest * leastVisible ? 'log' : 'linear';
}

/** An upright axis of numbers of images. */
export interface CountAxis {
  /** From a count to the axis's own values; an empty bin is at its lower end. */
  toHeight: (count: number) => number;
  yRange: readonly [number, number];
  yTicks: Tick[];
}

/** Where none is drawn on a logarithmic axis: half a decade below one. */
const none = -0.5;

/** @param height of the plot, pt */
export function buildCountAxis(
  pen: Pen,
  counts: readonly number[],
  scale: CountScale,
  height: number,
): CountAxis {
  const largest = Math.max(1, ...counts);
  if (scale === 'linear') {
    const yRange = [0, largest * 1.05] as const;
    return { toHeight: (count) => count, yRange, yTicks: stackTicks(pen, yRange, height, true) };
  }
  const top = Math.log10(Math.max(10, largest)) + 0.2;
  return {
    toHeight: (count) => (count === 0 ? none : Math.log10(count)),
    yRange: [none, top],
    yTicks: listDecades(top),
  };
}
