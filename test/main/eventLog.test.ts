import { getEventMeta } from '@orpc/client';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventLog } from '../../src/main/eventLog.ts';
import type { WorkbenchEvent } from '../../src/shared/events.ts';

const numbered = (index: number): WorkbenchEvent => ({ type: 'purged', runId: String(index) });

type Read = { event: number | 'reset'; id: string } | 'waits';

/** What the next read gives, without waiting for an event that is still to come. */
async function readNow(events: AsyncIterator<WorkbenchEvent>): Promise<Read> {
  const item = await Promise.race([
    events.next(),
    new Promise<null>((resolve) => setImmediate(resolve, null)),
  ]);
  if (item === null || item.done === true) return 'waits';
  const id = getEventMeta(item.value)?.id ?? 'none';
  const { value } = item;
  return { event: value.type === 'purged' ? Number(value.runId) : 'reset', id };
}

describe('EventLog', () => {
  it('gives a reader all events in order, or says reset where it skips any', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ publish: fc.integer({ min: 1, max: 6 }) }) },
      { weight: 4, arbitrary: fc.record({ read: fc.integer({ min: 1, max: 6 }) }) },
      { weight: 1, arbitrary: fc.constant('resume' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.array(step), async (capacity, steps) => {
        const log = new EventLog(capacity);
        let events = log.read({});
        let published = 0;
        let due = 0;
        let lastId: string | undefined;
        for (const action of steps) {
          if (action === 'resume') {
            await events.return?.();
            // Without an id a reader begins with what is still to come.
            if (lastId === undefined) due = published;
            events = log.read({ lastEventId: lastId });
          } else if ('publish' in action) {
            for (let i = 0; i < action.publish; i += 1) log.publish(numbered(published++));
          } else {
            for (let i = 0; i < action.read && due < published; i += 1) {
              const read = await readNow(events);
              if (read === 'waits') throw new Error('There was an event to read.');
              const kept = due >= published - capacity;
              expect(read.event).toBe(kept ? due : 'reset');
              due = kept ? due + 1 : published;
              lastId = read.id;
            }
          }
        }
      }),
    );
  });

  it('begins at the call, not at the first read', async () => {
    const log = new EventLog();
    log.publish(numbered(0));
    const events = log.read({});
    log.publish(numbered(1));
    expect(await readNow(events)).toMatchObject({ event: 1 });
  });

  it('wakes every reader that waits, once', async () => {
    const log = new EventLog();
    const readers = [log.read({}), log.read({})];
    const waiting = readers.map((events) => events.next());
    log.publish(numbered(0));
    for (const item of await Promise.all(waiting)) expect(item.value).toEqual(numbered(0));
    for (const events of readers) expect(await readNow(events)).toBe('waits');
  });

  it('ends when the signal aborts, while waiting, before and after', async () => {
    const cancel = new AbortController();
    const log = new EventLog();
    const waiting = log.read({ signal: cancel.signal });
    const pending = waiting.next();
    cancel.abort();
    expect((await pending).done).toBe(true);
    expect((await log.read({ signal: cancel.signal }).next()).done).toBe(true);
    log.publish(numbered(0));
    expect((await waiting.next()).done).toBe(true);
  });

  it.each(['', 'nonsense', 'another-log/0', '/0', '../../etc'])(
    'answers an id that it never gave with reset: %j',
    async (lastEventId) => {
      const log = new EventLog();
      log.publish(numbered(0));
      const events = log.read({ lastEventId });
      expect(await readNow(events)).toMatchObject({ event: 'reset' });
      log.publish(numbered(1));
      expect(await readNow(events)).toMatchObject({ event: 1 });
    },
  );

  it('answers an id from the future with reset', async () => {
    const log = new EventLog();
    const events = log.read({});
    log.publish(numbered(0));
    const read = await readNow(events);
    const [logId = ''] = read === 'waits' ? [] : read.id.split('/');
    expect(await readNow(log.read({ lastEventId: `${logId}/7` }))).toMatchObject({
      event: 'reset',
    });
  });
});
