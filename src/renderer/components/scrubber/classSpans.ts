/** Frames of an axis, from the first to the last, whose maps are of one class. */
export interface ClassSpan {
  first: number;
  last: number;
  targetClass: number;
}

/**
 * The stretches of an axis over which a run's maps are of one class; frames that the run lacks end one.
 *
 * @param epochs of the axis, ascending
 * @param stored epochs of the run
 * @param classAt which class the run's map at an index explains
 */
export function listClassSpans(
  epochs: readonly number[],
  stored: Uint32Array,
  classAt: (index: number) => number,
): ClassSpan[] {
  const spans: ClassSpan[] = [];
  epochs.forEach((epoch, frame) => {
    const index = stored.indexOf(epoch);
    if (index < 0) return;
    const targetClass = classAt(index);
    const open = spans.at(-1);
    if (open?.last === frame - 1 && open.targetClass === targetClass) open.last = frame;
    else spans.push({ first: frame, last: frame, targetClass });
  });
  return spans;
}
