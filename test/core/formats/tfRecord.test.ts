import { expect, it } from 'vitest';
import { crc32c, encodeTfRecords } from '../../../src/core/formats/tfRecord.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

it.each([
  ['the check value of the polynomial', text('123456789'), 0xe3069283],
  ['32 bytes of 0, of RFC 3720', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of 255, of RFC 3720', new Uint8Array(32).fill(255), 0x62a8ab43],
  ['ascending bytes, of RFC 3720', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ['nothing', new Uint8Array(0), 0],
])('computes the checksum of %s', (_, bytes, checksum) => {
  expect(crc32c(bytes)).toBe(checksum);
});

it('frames records by length and masked checksums', () => {
  const bytes = encodeTfRecords([text('a'), text('123456789')]);
  expect(bytes).toHaveLength(16 + 1 + 16 + 9);
  const view = new DataView(bytes.buffer);
  expect(view.getBigUint64(17, true)).toBe(9n);
  expect(bytes.slice(29, 38)).toEqual(text('123456789'));
  // ((c >> 15 | c << 17) + 0xa282ead8) mod 2^32 of c = 0xe3069283, by hand.
  expect(view.getUint32(38, true)).toBe(((0x2507c60d + 0xa282ead8) % 2 ** 32) >>> 0);
});
