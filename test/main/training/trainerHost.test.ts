import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { forkTrainer, forwardLines } from '../../../src/main/training/trainerHost.ts';
import type { TrainerEvent } from '../../../src/shared/trainerEvents.ts';

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

/** A trainer's process that does what a script says, before there is anything of a trainer in it. */
function forkScript(script: string) {
  const code = `data:text/javascript,${encodeURIComponent(script)}`;
  const lines: string[] = [];
  const events: TrainerEvent[] = [];
  const { promise: gone, resolve } = Promise.withResolvers<string>();
  const trainer = forkTrainer(
    { NODE_OPTIONS: `--import=${code}`, OF_THE_RUN: 'four' },
    { line: (line) => lines.push(line), event: (event) => events.push(event), exit: resolve },
  );
  onTestFinished(() => {
    trainer.kill();
  });
  return { trainer, lines, events, gone };
}

describe('the process of a trainer', () => {
  it('has the run’s variables beside ours; what it writes is told, and how it ends', async () => {
    const { lines, gone } = forkScript(`
      console.log('out ' + process.env.OF_THE_RUN);
      console.error('error ' + (process.env.PATH === undefined));
      process.exit(3);
    `);
    expect(await gone).toBe('exit code 3');
    expect(lines.sort()).toEqual(['error false', 'out four']);
  });

  it('hears and says what has bytes in it, until it is killed; then nothing is said to it', async () => {
    const { trainer, lines, events, gone } = forkScript(`
      process.on('message', (message) => process.send({ type: 'paused', checkpoint: message.job }));
      await new Promise(() => undefined);
    `);
    const job = new Uint8Array([1, 200]);
    trainer.send({ type: 'start', job } as never);
    await vi.waitUntil(() => events.length > 0);
    expect(events).toEqual([{ type: 'paused', checkpoint: job }]);
    trainer.kill();
    expect(await gone).toBe('signal SIGKILL');
    trainer.send({ type: 'pause' });
    await nextTurn();
    expect({ lines, events }).toMatchObject({ lines: [], events: { length: 1 } });
  });
});
