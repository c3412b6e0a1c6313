import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import {
  filmFrame,
  useTileFilm,
  type FilmedTile,
} from '../../../../src/renderer/components/gallery/useTileFilm.ts';
import { buildHistoryFile } from '../../stores/exampleFiles.ts';
import { recordCalls, settle, startStore } from '../../stores/startStore.ts';

let frames: FrameRequestCallback[] = [];
let isStill = false;

beforeEach(() => {
  frames = [];
  isStill = false;
  vi.stubGlobal('window', {
    matchMedia: () => ({
      matches: isStill,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    }),
  });
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => frames.push(callback));
  vi.stubGlobal('cancelAnimationFrame', () => {
    frames = [];
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function start() {
  const { calls, call } = recordCalls<{ runId: string; exampleId: number }>();
  const tile = shallowRef<FilmedTile | null>(null);
  const scope = effectScope();
  const film = startStore({ examples: { history: call } }, () =>
    scope.run(() => useTileFilm(tile)),
  );
  if (film === undefined) throw new Error('no film');
  return { calls, tile, film, stop: () => scope.stop() };
}
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const tileOf = (exampleId: number): FilmedTile => ({ runIds: ['a', 'b'], exampleId });

it('shows four epochs a second, rests on the last and begins anew', () => {
  // 5 epochs of 250 ms and a second more.
  expect([0, 249, 250, 1249, 2249, 2250].map((ms) => filmFrame(ms, 5))).toEqual([0, 0, 1, 4, 4, 0]);
  // Many epochs still take four seconds.
  expect([100, 3999, 4999].map((ms) => filmFrame(ms, 40))).toEqual([1, 39, 39]);
});

it('asks for nothing while one sweeps over tiles, and once for the tile one stays on', async () => {
  const { calls, tile, film, stop } = start();
  for (const id of [1, 2, 3, 4]) {
    tile.value = tileOf(id);
    await nextTick();
    await wait(10);
  }
  expect(calls).toHaveLength(0);
  await wait(400);
  expect(calls.map(({ input }) => input)).toEqual([
    { runId: 'a', exampleId: 4 },
    { runId: 'b', exampleId: 4 },
  ]);
  calls[0]?.answer(buildHistoryFile(3));
  calls[1]?.answer(buildHistoryFile(2));
  await settle();
  expect(film.value?.epoch).toBe(0);
  frames.at(-1)?.(performance.now() + 510);
  // The run that ended earlier stays at its last epoch.
  expect(film.value?.panes.map(({ index }) => index)).toEqual([2, 1]);

  tile.value = null;
  await nextTick();
  expect(film.value).toBeNull();
  stop();
});

it('leaves what it asked for when one goes on, and asks for nothing where no motion is wanted', async () => {
  const { calls, tile, stop } = start();
  tile.value = tileOf(1);
  await wait(400);
  tile.value = tileOf(2);
  await nextTick();
  expect(calls.map(({ signal }) => signal?.aborted)).toEqual([true, true]);
  stop();
  isStill = true;
  const still = start();
  still.tile.value = tileOf(1);
  await wait(400);
  expect(still.calls).toHaveLength(0);
  still.stop();
});
