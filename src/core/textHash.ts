const [offset, prime] = [0xcbf29ce484222325n, 0x100000001b3n];

/** FNV-1a of a text's UTF-8, 64 bits, as 16 hexadecimal digits (Fowler, Noll and Vo 1991): to know a text by, no defence. */
export function hashText(text: string): string {
  let hash = offset;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime);
  }
  return hash.toString(16).padStart(16, '0');
}
