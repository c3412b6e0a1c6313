/** How often a thread looks before it sleeps: for about as long as lies between two kernels of a step. */
const looks = 2000;
/** Tells the processor of a loop that waits; not everywhere. */
const { pause = () => undefined } = Atomics as { pause?: () => void };

/** How long a thread waits for what another one has begun. */
export const patienceMs = 60_000;

/**
 * Waits until an integer that other threads change is as wanted: looks for a while, then sleeps until it
 * is notified.
 *
 * @returns the integer; null where nobody changed it for `timeoutMs`
 */
export function waitUntil(
  integers: Int32Array,
  index: number,
  isWanted: (value: number) => boolean,
  timeoutMs = Infinity,
): number | null {
  let value = Atomics.load(integers, index);
  for (let look = 0; look < looks && !isWanted(value); look += 1) {
    pause();
    value = Atomics.load(integers, index);
  }
  while (!isWanted(value)) {
    const ended = Atomics.wait(integers, index, value, timeoutMs);
    const now = Atomics.load(integers, index);
    if (ended === 'timed-out' && now === value) return null;
    value = now;
  }
  return value;
}
