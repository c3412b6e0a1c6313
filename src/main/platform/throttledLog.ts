/**
 * Logs a line at most once in `intervalMs`; the next one that is logged says how many were left out.
 * For what others cause, as often as they like.
 */
export function throttleLog(
  intervalMs: number,
  log: (line: string) => void = console.error,
): (line: string) => void {
  let last = -Infinity;
  let omitted = 0;
  return (line) => {
    const now = performance.now();
    if (now - last < intervalMs) {
      omitted += 1;
      return;
    }
    last = now;
    log(omitted === 0 ? line : `${line} (${omitted} like it were not logged)`);
    omitted = 0;
  };
}
