import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteLru } from '../../../src/renderer/examples/byteLru.ts';

it('forgets what was used longest ago', () => {
  const lru = new ByteLru<string, number>(10);
  lru.set('a', 1, 4);
  lru.set('b', 2, 4);
  expect(lru.get('a')).toBe(1);
  lru.set('c', 3, 4);
  expect([lru.get('a'), lru.get('b'), lru.get('c')]).toEqual([1, undefined, 3]);
  expect(lru.bytes).toBe(8);
});

it('keeps the newest even where it alone is too large', () => {
  const lru = new ByteLru<string, number>(10);
  lru.set('a', 1, 4);
  lru.set('big', 2, 40);
  expect([lru.has('a'), lru.get('big')]).toEqual([false, 2]);
});

it('replaces and deletes', () => {
  const lru = new ByteLru<string, number>(10);
  lru.set('a', 1, 9);
  lru.set('a', 2, 3);
  lru.set('b', 3, 3);
  lru.deleteWhere((key) => key === 'a');
  lru.delete('missing');
  expect([lru.get('a'), lru.get('b'), lru.bytes]).toEqual([undefined, 3, 3]);
});

it('never holds more than it may, but for the newest', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 8 }))), (sets) => {
      const lru = new ByteLru<number, number>(12);
      sets.forEach(([key, bytes], i) => {
        lru.set(key, i, bytes);
        expect(lru.get(key)).toBe(i);
        expect(lru.bytes).toBeLessThanOrEqual(12);
      });
    }),
  );
});
