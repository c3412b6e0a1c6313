import { expect, it } from 'vitest';
import { readByteArray, readPickle, type Pickled } from '../../../src/main/datasets/pickle.ts';
import { expectError } from './builders.ts';

/** Written by Python 3.11 with NumPy 2, by protocol. */
const written = {
  2: 'gAJ9cQAoWAYAAABsYWJlbHNxAV1xAihLA00sAUpwEQEASv////9lWAQAAABkYXRhcQNjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQRjbnVtcHkKbmRhcnJheQpxBUsAhXEGY19jb2RlY3MKZW5jb2RlCnEHWAEAAABicQhYBgAAAGxhdGluMXEJhnEKUnELh3EMUnENKEsBSwJLA4ZxDmNudW1weQpkdHlwZQpxD1gCAAAAdTFxEImIh3ERUnESKEsDWAEAAAB8cRNOTk5K/////0r/////SwB0cRRiiWgHWAYAAAAAAQIDBAVxFWgJhnEWUnEXdHEYYlgEAAAAbmFtZXEZWAIAAADDqXEaWAQAAABmbGFncRuIWAQAAABub25lcRxOaAdYAwAAAHJhd3EdaAmGcR5ScR9oB1gDAAAAAMO/cSBoCYZxIVJxInUu',
  3: 'gAN9cQAoWAYAAABsYWJlbHNxAV1xAihLA00sAUpwEQEASv////9lWAQAAABkYXRhcQNjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQRjbnVtcHkKbmRhcnJheQpxBUsAhXEGQwFicQeHcQhScQkoSwFLAksDhnEKY251bXB5CmR0eXBlCnELWAIAAAB1MXEMiYiHcQ1ScQ4oSwNYAQAAAHxxD05OTkr/////Sv////9LAHRxEGKJQwYAAQIDBAVxEXRxEmJYBAAAAG5hbWVxE1gCAAAAw6lxFFgEAAAAZmxhZ3EViFgEAAAAbm9uZXEWTkMDcmF3cRdDAgD/cRh1Lg==',
  4: 'gASV3wAAAAAAAAB9lCiMBmxhYmVsc5RdlChLA00sAUpwEQEASv////9ljARkYXRhlIwWbnVtcHkuX2NvcmUubXVsdGlhcnJheZSMDF9yZWNvbnN0cnVjdJSTlIwFbnVtcHmUjAduZGFycmF5lJOUSwCFlEMBYpSHlFKUKEsBSwJLA4aUaAeMBWR0eXBllJOUjAJ1MZSJiIeUUpQoSwOMAXyUTk5OSv////9K/////0sAdJRiiUMGAAECAwQFlHSUYowEbmFtZZSMAsOplIwEZmxhZ5SIjARub25llE5DA3Jhd5RDAgD/lHUu',
};
const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));
const entriesOf = (pickled: Pickled): Map<string, Pickled> => {
  if (pickled instanceof Map) return pickled;
  throw new Error('no dictionary');
};

it.each([2, 3, 4] as const)(
  'values and arrays in protocol %i are what Python wrote',
  (protocol) => {
    const entries = entriesOf(readPickle(bytesOf(written[protocol]), 'x'));
    expect(entries.get('labels')).toEqual([3, 300, 70_000, -1]);
    expect([entries.get('name'), entries.get('flag'), entries.get('none')]).toEqual([
      'é',
      true,
      null,
    ]);
    expect(entries.get('raw')).toEqual(Uint8Array.of(0, 255));
    expect(readByteArray(entries.get('data') ?? null)).toEqual({
      shape: [2, 3],
      bytes: Uint8Array.of(0, 1, 2, 3, 4, 5),
    });
  },
);

it.each([
  ['a function by its name', 'gAJ9cQBYAQAAAHhxAWNwb3NpeApzeXN0ZW0KcQJzLg==', 'posix.system'],
  ['a call', 'gASVHwAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjARlY2hvlIWUUpQu', 'posix.system'],
  ['an unknown instruction', 'gAKKAQEu', '0x8a'],
  ['nothing on the stack', 'gAIu', 'too few'],
  ['a value that was never kept', 'gAJoCS4=', 'nowhere'],
])('%s is refused', async (_, base64, what) => {
  await expectError(() => readPickle(bytesOf(base64), 'batch'), 'CORRUPT_INPUT', 'batch', what);
});

it('what ends too early is cut short', async () => {
  const whole = bytesOf(written[4]);
  for (const length of [0, 1, 40, whole.length - 1]) {
    const cut = whole.subarray(0, length);
    await expectError(() => readPickle(cut, 'batch'), 'CORRUPT_INPUT', 'batch', 'cut short');
  }
});

it('arrays of other elements or in another order are no arrays of bytes', () => {
  const integers =
    'gASVmQAAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsChZRoA4wFZHR5cGWUk5SMAmk4lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGKJQxAAAAAAAAAAAAEAAAAAAAAAlHSUYi4=';
  const fortran =
    'gASVkQAAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsCSwOGlGgDjAVkdHlwZZSTlIwCdTGUiYiHlFKUKEsDjAF8lE5OTkr/////Sv////9LAHSUYohDBgADAQQCBZR0lGIu';
  for (const base64 of [integers, fortran]) {
    expect(readByteArray(readPickle(bytesOf(base64), 'x'))).toBeNull();
  }
});
