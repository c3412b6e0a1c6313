import { choosePlaces, type LentPlaces } from '../threads/tasks.ts';
import { floatBytes } from './moduleFunctions.ts';

/** Memory for the time of a call; its contents are undefined. */
export interface Loans {
  /** Lends memory of these lengths, in floats, for the time of `use`. */
  borrow: <T, const Lengths extends readonly number[]>(
    lengths: Lengths,
    use: (...addresses: { [Index in keyof Lengths]: number }) => T,
  ) => T;
  /** Lends a place of so many floats to each thread, or each part of a job; one such loan at a time. */
  borrowPlaces: <T>(length: number, use: (places: LentPlaces) => T) => T;
}

/** Floats of the threads' places that are kept for the next loan: 64 MiB. */
const mostKept = 2 ** 24;

/** @param allocate that many floats -> their address */
export function lendMemory(
  allocate: (length: number) => number,
  free: (address: number) => void,
  threads: () => number,
): Loans {
  const borrow: Loans['borrow'] = (lengths, use) => {
    const addresses: number[] = [];
    try {
      for (const length of lengths) addresses.push(allocate(length));
      return use(...(addresses as { [Index in keyof typeof lengths]: number }));
    } finally {
      for (const address of addresses) free(address);
    }
  };
  let loan = 0;
  let kept = { address: 0, length: 0, places: 0 };
  /** A thread's place stays where it is from loan to loan, so that it stays in that thread's cache. */
  const keep = (places: number, length: number): typeof kept => {
    if (kept.places === places && kept.length >= length) return kept;
    free(kept.address);
    kept = { address: 0, length: 0, places: 0 };
    kept = { address: allocate(length * places), length, places };
    return kept;
  };
  return {
    borrow,
    borrowPlaces(length, use) {
      loan += 1;
      const choice = choosePlaces(threads(), length);
      const { places } = choice;
      const lend = (memory: number, placeLength: number) =>
        use({ ...choice, memory, placeBytes: placeLength * floatBytes, loan });
      if (places * length > mostKept) {
        return borrow([places * length], (memory) => lend(memory, length));
      }
      const place = keep(places, length);
      return lend(place.address, place.length);
    },
  };
}
