import { computed, shallowRef } from 'vue';
import { wholeRange, zoomAbout, type XRange } from './plotRange.ts';

/** By how much a key press zooms. */
const step = 0.5;

/** Which part of its x axis a plot shows: a range that was dragged over, or all there is. */
export function usePlotZoom(x: () => readonly number[], planned: () => number | null) {
  const zoom = shallowRef<XRange | null>(null);
  const whole = computed(() => wholeRange(x(), planned()));
  const range = computed(() => zoom.value ?? whole.value);

  function about(factor: number, at: number | null): void {
    const middle = (range.value[0] + range.value[1]) / 2;
    zoom.value = zoomAbout(range.value, whole.value, { factor, at: at ?? middle });
  }
  const reset = (): void => {
    zoom.value = null;
  };

  /** `+` and `-` zoom about a position, Escape shows all; false for other keys. */
  function press(key: string, at: number | null): boolean {
    if (key === '+' || key === '=') about(step, at);
    else if (key === '-' && zoom.value !== null) about(1 / step, at);
    else if (key === 'Escape' && zoom.value !== null) reset();
    else return false;
    return true;
  }

  return { zoom, range, reset, press };
}
