import { expect, it } from 'vitest';
import { splitCode, withoutTicks } from '../../../../src/renderer/components/common/codeText.ts';

it('tells code from words and leaves the back-ticks out', () => {
  const text = 'Run `engine install` again, or `verify`.';
  expect(splitCode(text)).toEqual([
    { text: 'Run ', isCode: false },
    { text: 'engine install', isCode: true },
    { text: ' again, or ', isCode: false },
    { text: 'verify', isCode: true },
    { text: '.', isCode: false },
  ]);
  expect(withoutTicks(text)).toBe('Run engine install again, or verify.');
});

it('leaves a tick without its pair where it is', () => {
  expect(withoutTicks('a ` b')).toBe('a ` b');
  expect(splitCode('')).toEqual([]);
});
