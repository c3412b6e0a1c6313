/** All items of a list that comes in pieces. */
export async function gather<Item>(
  pieces: AsyncIterable<Item[]> | Promise<AsyncIterable<Item[]>>,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const piece of await pieces) items.push(...piece);
  return items;
}

/** A list that comes in pieces, in one. */
export async function* inOnePiece<Item>(items: Item[]): AsyncGenerator<Item[], void> {
  yield await Promise.resolve(items);
}
