import { beforeEach, describe, expect, it } from 'vitest';
import { lendMemory } from '../../../../../../src/main/learning/engine/wasm/module/loans.ts';
import type { Compute } from '../../../../../../src/main/learning/engine/wasm/threads/compute.ts';
import {
  usePlace,
  type LentPlaces,
} from '../../../../../../src/main/learning/engine/wasm/threads/tasks.ts';

/** Lengths by address of what is allocated and not given back; never the same address twice. */
const held = new Map<number, number>();
let next = 0;
let threads = 2;
const { borrowPlaces } = lendMemory(
  (length) => {
    next += 1000;
    held.set(next, length);
    return next;
  },
  (address) => void held.delete(address),
  () => threads,
);
const lend = (length: number): LentPlaces => borrowPlaces(length, (places) => places);

beforeEach(() => {
  threads = 2;
});

describe('places of threads', () => {
  it('stay where they are as long as they are large enough, and are one allocation', () => {
    const first = lend(100);
    expect([...held]).toEqual([[first.memory, 200]]);
    expect(first).toMatchObject({ places: 2, byPart: 0, placeBytes: 400 });
    const second = lend(40);
    expect(second).toEqual({ ...first, loan: second.loan });
    expect(second.loan).not.toBe(first.loan);
    const larger = lend(101);
    expect([...held]).toEqual([[larger.memory, 202]]);
    expect(larger.placeBytes).toBe(404);
  });

  it('are as many as there are threads', () => {
    threads = 5;
    const { memory, places } = lend(10);
    expect([...held]).toEqual([[memory, 50]]);
    expect(places).toBe(5);
  });

  it('are given back where they would be too much to keep, and the kept ones are not touched', () => {
    const kept = lend(10);
    const held20 = [...held];
    const large = borrowPlaces(2 ** 23 + 1, (places) => {
      expect(held.get(places.memory)).toBe(2 * (2 ** 23 + 1));
      return places;
    });
    expect(large.placeBytes).toBe(4 * (2 ** 23 + 1));
    expect([...held]).toEqual(held20);
    expect(lend(10).memory).toBe(kept.memory);
  });

  it('are none after memory has run out, until there is some again', () => {
    let isFull = false;
    const small = lendMemory(
      () => {
        if (isFull) throw new Error('full');
        return 1000;
      },
      () => undefined,
      () => 1,
    );
    expect(small.borrowPlaces(1, ({ memory }) => memory)).toBe(1000);
    isFull = true;
    for (const length of [2, 1, 2]) {
      expect(() => small.borrowPlaces(length, ({ memory }) => memory)).toThrow('full');
    }
    isFull = false;
    expect(small.borrowPlaces(2, ({ memory }) => memory)).toBe(1000);
  });
});

describe('the place of a part', () => {
  const args = { memory: 4000, placeBytes: 100 };
  const useAll = (byPart: number, parts: readonly { part: number; loan: number }[]): number[] => {
    const thread = { thread: 3, prepared: { loan: 0 } };
    const prepared: number[] = [];
    for (const { part, loan } of parts) {
      const viewOf = (address: number, length: number) => {
        expect(length).toBe(7);
        return { fill: () => prepared.push(address) };
      };
      const compute = { ...thread, part, viewOf } as unknown as Compute;
      usePlace(compute, { ...args, byPart, loan }, 7);
    }
    return prepared;
  };

  it('is its thread’s, prepared once in a loan', () => {
    const parts = [
      { part: 0, loan: 1 },
      { part: 5, loan: 1 },
      { part: 1, loan: 2 },
    ];
    expect(useAll(0, parts)).toEqual([4300, 4300]);
  });

  it('is its own where there are too few, prepared each time', () => {
    const parts = [
      { part: 0, loan: 1 },
      { part: 5, loan: 1 },
      { part: 5, loan: 1 },
    ];
    expect(useAll(1, parts)).toEqual([4000, 4500, 4500]);
  });
});
