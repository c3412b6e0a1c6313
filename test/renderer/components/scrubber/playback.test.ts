import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  changeSpeed,
  dueFrame,
  playbackSpeeds,
  playbackStart,
} from '../../../../src/renderer/components/scrubber/playback.ts';

const film = { startedAtMs: 1000, firstFrame: 2, framesPerSecond: 4 };

it('shows each frame for its time and stops at the last', () => {
  const shown = [900, 1000, 1249, 1250, 1500, 2000, 9000].map((now) => dueFrame(film, now, 7));
  expect(shown).toEqual([2, 2, 2, 3, 4, 6, 6]);
});

it('skips what a long pause made late', () => {
  expect(dueFrame(film, 1760, 50)).toBe(5);
});

it('starts over only at the end', () => {
  expect([playbackStart(3, 7), playbackStart(6, 7), playbackStart(0, 1)]).toEqual([3, 0, 0]);
});

it('goes on from the same frame at another speed', () => {
  const faster = changeSpeed(film, 8, 1500, 20);
  expect(dueFrame(faster, 1500, 20)).toBe(dueFrame(film, 1500, 20));
  expect(dueFrame(faster, 1750, 20)).toBe(6);
});

it('never runs backwards or beyond the film', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(60_000), { minLength: 2 }),
      fc.constantFrom(...playbackSpeeds),
      (times, framesPerSecond) => {
        const frames = times
          .sort((a, b) => a - b)
          .map((now) => dueFrame({ ...film, framesPerSecond }, now, 13));
        expect(frames).toEqual([...frames].sort((a, b) => a - b));
        expect(Math.max(...frames)).toBeLessThanOrEqual(12);
      },
    ),
  );
});
