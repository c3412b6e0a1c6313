import { expect, it } from 'vitest';
import { AfterimageError, type ErrorCode } from '../../../../src/core/errors.ts';
import type { LongTaskProgress } from '../../../../src/shared/longTask.ts';
import type { Connection } from '../../../../src/main/store/database/connection.ts';
import type { DataFolder } from '../../../../src/main/store/database/dataFolder.ts';
import { Room } from '../../../../src/main/store/space/room.ts';
import { errorOf } from '../fixtures.ts';

const failWith = (code: ErrorCode): AfterimageError => new AfterimageError(code, 'm', 'r');

interface RoomParts {
  isFull?: boolean;
  freePages?: number;
  errors?: Record<string, Error[]>;
  abortsAt?: string;
}

/**
 * A room of a file of so many free pages. `said` is what was done with it; the errors that `errors` has for
 * one of these are thrown by it, one after the other, until none is left; `signal` aborts at `abortsAt`.
 */
function makeRoom({ isFull = false, freePages = 0, errors = {}, abortsAt = '' }: RoomParts = {}) {
  const ending = new AbortController();
  const { signal } = ending;
  const said: string[] = [];
  const say = (what: string): void => {
    said.push(what);
    if (what === abortsAt) ending.abort();
    const error = errors[what]?.shift();
    if (error !== undefined) throw error;
  };
  let left = freePages;
  const connection = {
    transaction: (work: () => void) => {
      say('transaction');
      work();
    },
    pragma: (name: string) => {
      if (name === 'freelist_count') return left;
      if (name === 'page_size') return 4096;
      say(name);
      return 0;
    },
    exec: (sql: string) => {
      say(sql);
      left = Math.max(0, left - Number(/\((\d+)\)/.exec(sql)?.[1]));
    },
  };
  const folder = {
    isFull,
    giveBackReserve: () => {
      say('reserve');
    },
  };
  const room = new Room(connection as unknown as Connection, folder as unknown as DataFolder);
  /** Two steps, each of which says so; what was said goes with it. */
  const remove = async (): Promise<string[]> => {
    function* steps(): Generator<undefined, void> {
      for (const step of ['a', 'b']) {
        say(step);
        yield;
      }
    }
    await room.removeInTurns(
      steps,
      () => {
        say('at once');
      },
      signal,
    );
    return said;
  };
  return { room, said, remove, signal };
}

const restart = 'wal_checkpoint(RESTART)';
const [turn, inTurns] = ['transaction', ['transaction', 'a', 'b']];
/** One step at a time, each followed by a log that is used again; the last turn finds no step. */
const tightly = [...[turn, 'a', restart], ...[turn, 'b', restart], ...[turn, restart]];

it('removes in turns while there is space', async () => {
  expect(await makeRoom().remove()).toEqual(inTurns);
});

it('removes step by step in a folder that was opened on a full disk', async () => {
  expect(await makeRoom({ isFull: true }).remove()).toEqual(tightly);
});

it('takes the space that is kept back where the disk is full, and removes at once', async () => {
  const errors = { b: [failWith('DISK_FULL')] };
  const { said, remove, room } = makeRoom({ errors });
  await remove();
  expect(said).toEqual([...inTurns, 'reserve', turn, 'at once']);
  said.length = 0;
  // From then on it is careful.
  expect(await remove()).toEqual(tightly);
  said.length = 0;
  await room.shrink();
  expect(said).toEqual(['wal_checkpoint(TRUNCATE)']);
});

it('removes step by step where even that does not fit, from the beginning', async () => {
  const full = failWith('DISK_FULL');
  const { remove } = makeRoom({ errors: { b: [full], 'at once': [full] } });
  expect(await remove()).toEqual([...inTurns, 'reserve', turn, 'at once', restart, ...tightly]);
});

it.each(['a', 'at once', restart])('passes on what else goes wrong: %s', async (where) => {
  const full = failWith('DISK_FULL');
  const cause = failWith('CORRUPT_HISTORY');
  const errors = { b: [full], 'at once': [full], [where]: [cause] };
  const { said, remove } = makeRoom({ errors });
  expect(await errorOf(remove)).toBe(cause);
  expect(said.at(-1)).toBe(where);
});

it.each(['DISK_FULL', 'LOCKED'] as const)('goes on with a log that is %s', async (code) => {
  const { remove } = makeRoom({ isFull: true, errors: { [restart]: [failWith(code)] } });
  expect(await remove()).toEqual(tightly);
});

it('stops between two turns', async () => {
  const full = failWith('DISK_FULL');
  const first = makeRoom({ isFull: true, abortsAt: 'a' });
  expect(await errorOf(first.remove)).toMatchObject({ name: 'AbortError' });
  expect(first.said).toEqual([turn, 'a', restart]);
  const second = makeRoom({ errors: { b: [full], 'at once': [full] }, abortsAt: 'at once' });
  expect(await errorOf(second.remove)).toMatchObject({ name: 'AbortError' });
  expect(second.said).toEqual([...inTurns, 'reserve', turn, 'at once', restart]);
});

const vacuum = (pages: number): string => `PRAGMA incremental_vacuum(${pages})`;

it('gives back a megabyte at a time, and tells how far it is', async () => {
  const { room, said } = makeRoom({ freePages: 600 });
  expect(room.freeBytes).toBe(600 * 4096);
  const told: LongTaskProgress[] = [];
  await room.shrink({ onProgress: (progress) => told.push(progress) });
  expect(said).toEqual([vacuum(250), vacuum(250), vacuum(250), 'wal_checkpoint(PASSIVE)']);
  const step = 'Giving space back';
  expect(told).toEqual([250, 500, 600].map((done) => ({ step, done, total: 600 })));
  expect(room.freeBytes).toBe(0);
});

it('gives back little at a time on a full disk, whose log is used again each time', async () => {
  const { room, said } = makeRoom({ isFull: true, freePages: 30 });
  await room.shrink();
  expect(said).toEqual([...[vacuum(25), restart, vacuum(25), restart], 'wal_checkpoint(TRUNCATE)']);
});

it('tries again, little at a time, where the disk turns out to be full', async () => {
  const errors = { [vacuum(250)]: [failWith('DISK_FULL')] };
  const { room, said } = makeRoom({ freePages: 20, errors });
  await room.shrink();
  expect(said).toEqual([vacuum(250), restart, vacuum(25), restart, 'wal_checkpoint(TRUNCATE)']);
});

it('ends where nothing more is given back, be it at the last page', async () => {
  const none = makeRoom({ freePages: Number.POSITIVE_INFINITY });
  await none.room.shrink();
  expect(none.said).toEqual([vacuum(250), 'wal_checkpoint(PASSIVE)']);
  const last = makeRoom({ freePages: 1 });
  await last.room.shrink();
  expect(last.said).toEqual([vacuum(250), 'wal_checkpoint(PASSIVE)']);
});

it('stops between two pieces that take long, however many at a time', async () => {
  /** Longer than a turn may be. */
  const onProgress = (): void => {
    for (const until = performance.now() + 16; performance.now() < until;);
  };
  const plenty = makeRoom({ freePages: 600, abortsAt: vacuum(250) });
  const { signal } = plenty;
  const stopped = await errorOf(() => plenty.room.shrink({ onProgress, signal }));
  expect(stopped).toMatchObject({ name: 'AbortError' });
  expect(plenty.said).toEqual([vacuum(250)]);
  const errors = { [vacuum(250)]: [failWith('DISK_FULL')] };
  const tight = makeRoom({ freePages: 60, errors, abortsAt: vacuum(25) });
  const options = { onProgress, signal: tight.signal };
  expect(await errorOf(() => tight.room.shrink(options))).toMatchObject({ name: 'AbortError' });
  expect(tight.said).toEqual([vacuum(250), restart, vacuum(25), restart]);
});

it.each(['DISK_FULL', 'LOCKED'] as const)('leaves for later what is %s', async (code) => {
  const errors = { [vacuum(25)]: [failWith(code)] };
  const { room, said } = makeRoom({ isFull: true, freePages: 30, errors });
  await room.shrink();
  expect(said).toEqual([vacuum(25)]);
});

it('says what else keeps it from giving space back', async () => {
  const cause = failWith('CORRUPT_HISTORY');
  const { room } = makeRoom({ freePages: 30, errors: { [vacuum(250)]: [cause] } });
  expect(await errorOf(() => room.shrink())).toBe(cause);
});
