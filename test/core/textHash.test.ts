import { expect, it } from 'vitest';
import { hashText } from '../../src/core/textHash.ts';

/** From the test vectors of draft-eastlake-fnv. */
it.each([
  ['', 'cbf29ce484222325'],
  ['a', 'af63dc4c8601ec8c'],
  ['foobar', '85944171f73967e8'],
])('of "%s" is FNV-1a of 64 bits', (text, hash) => {
  expect(hashText(text)).toBe(hash);
});
