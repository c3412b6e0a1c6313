import type { RunSummary } from '../../core/records.ts';

/** Queued runs in the known order; those it does not name come last, oldest first. */
export function orderQueue(
  queued: readonly RunSummary[],
  order: readonly string[],
): readonly RunSummary[] {
  const places = new Map(order.map((id, index) => [id, index]));
  const placeOf = ({ id }: RunSummary): number => places.get(id) ?? Infinity;
  return queued.toSorted((a, b) => {
    const [placeA, placeB] = [placeOf(a), placeOf(b)];
    return placeA === placeB ? a.createdAt.localeCompare(b.createdAt) : placeA - placeB;
  });
}

/** `items` with `item` at `place`, clamped to the list. */
export function moveItem<T>(items: readonly T[], item: T, place: number): T[] {
  const others = items.filter((other) => other !== item);
  return others.toSpliced(Math.max(0, Math.min(place, others.length)), 0, item);
}
