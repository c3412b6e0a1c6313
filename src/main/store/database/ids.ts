import { randomBytes } from 'node:crypto';

/** Digits and lower-case letters without those that are easily misread (i, l, o, u). */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const letters = alphabet.slice(10);
const length = 12;

/**
 * A new id of a run or figure: 12 characters, about 59 random bits. Random rather than sortable, so that the
 * first few characters tell runs apart; it begins with a letter, so that no program that reads a
 * table takes it for a number.
 */
export function createId(): string {
  const [first = 0, ...rest] = randomBytes(length);
  // 256 is no multiple of 22: some first letters are a little more frequent than others.
  const start = letters[first % letters.length] ?? '';
  return start + rest.map((byte) => alphabet[byte % alphabet.length]).join('');
}

export const isRunId = (id: string): boolean => /^[a-z][0-9a-z]{11}$/.test(id);
