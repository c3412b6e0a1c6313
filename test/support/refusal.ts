import { expect } from 'vitest';
import type { Result } from './cli.ts';

/**
 * Checks that a command was refused as the manual says: the exit code, nothing on stdout, and on
 * stderr exactly one line, which holds every one of `parts`.
 */
export function expectRefusal(
  { code, stdout, stderr }: Result,
  exit: 1 | 2,
  parts: string[],
): void {
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
  for (const part of parts) expect(stderr).toContain(part);
  expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
}
