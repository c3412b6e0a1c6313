import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { forwardLines } from '../../../src/main/training/trainerHost.ts';

/** The lines of a stream that gives these pieces and ends. */
async function linesOf(...pieces: (string | Uint8Array)[]): Promise<string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  forwardLines(stream, (line) => lines.push(line));
  for (const piece of pieces) stream.write(piece);
  stream.end();
  await finished(stream);
  return lines;
}

describe('the lines of a trainer’s output', () => {
  it('are whole however they come in pieces, and the last one needs no end', async () => {
    expect(await linesOf('first\nsec', 'ond\n', 'third')).toEqual(['first', 'second', 'third']);
  });

  it('are no more than were written: an end is no line of its own, an empty line is', async () => {
    expect(await linesOf('one\n\n', 'three\n')).toEqual(['one', '', 'three']);
    expect(await linesOf()).toEqual([]);
  });

  it('keep a character that was cut in two', async () => {
    const bytes = new TextEncoder().encode('a → b\n');
    expect(await linesOf(bytes.slice(0, 3), bytes.slice(3))).toEqual(['a → b']);
  });

  it('are none where a process has no such stream', () => {
    expect(() => {
      forwardLines(null, () => {
        throw new Error('a line from nowhere');
      });
    }).not.toThrow();
  });
});
