/**
 * Begins every step at once, also after one that throws, and waits for all of them. Then throws what
 * the first that failed has thrown.
 */
export async function takeAll(steps: readonly (() => unknown)[]): Promise<void> {
  const ends = await Promise.allSettled(steps.map(async (step) => await step()));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
