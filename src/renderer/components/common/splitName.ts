/** What is kept of a long name's end; most of a sweep's values and its seed. */
const longestTail = 18;
/** Shorter names are cut at their end, if at all: they have no room to lose. */
const shortestCut = 24;

/** Letters as people count them, whatever they are made of. */
const segments = new Intl.Segmenter();

/**
 * A name as what may be cut and what must be seen: runs of a sweep begin alike and differ at the end.
 * The tail begins after a space or a mark where there is one, so that no word, and no Arabic letter,
 * is torn from its neighbour. `head + tail` is the name; the tail of a short one is empty.
 */
export function splitName(name: string): { head: string; tail: string } {
  const letters = Array.from(segments.segment(name), ({ segment }) => segment);
  if (letters.length < shortestCut) return { head: name, tail: '' };
  const first = letters.length - longestTail;
  const boundary = letters.findIndex(
    (letter, i) => i >= first && i < letters.length - 1 && /[\s\-_/.]/u.test(letter),
  );
  const at = boundary === -1 ? first : boundary + 1;
  return { head: letters.slice(0, at).join(''), tail: letters.slice(at).join('') };
}
