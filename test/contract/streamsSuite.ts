import { setImmediate as nextTurn } from 'node:timers/promises';
import { getEventMeta } from '@orpc/client';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { EventLog } from '../../src/main/eventLog.ts';
import type { Handler } from '../../src/main/router.ts';
import { createApi } from '../../src/renderer/api.ts';
import type { WorkbenchEvent } from '../../src/shared/events.ts';
import { AfterimageError } from '../../src/core/errors.ts';
import { connector } from './connector.ts';
import type { OpenExchange } from './connector.ts';
import { EndlessCall, handlerOf } from './workbenchDouble.ts';

const purged = (runId: string): WorkbenchEvent => ({ type: 'purged', runId });
/** The run that an event reports as purged, or the event's type. */
const runIdOf = (event: WorkbenchEvent): string =>
  event.type === 'purged' ? event.runId : event.type;

/** Long tasks, events and lost connections, whatever carries them. */
export function describeStreams(name: string, open: OpenExchange): void {
  describe(`streams over ${name}`, () => {
    const connect = connector(open);

    describe('long tasks', () => {
      const step = (done: number): { step: string; done: number; total: number } => ({
        step: 'copying',
        done,
        total: 3,
      });

      it('report progress and end with their result', async () => {
        const { client } = await connect(
          handlerOf({
            history: {
              async *verify() {
                yield step(1);
                await Promise.resolve();
                yield step(2);
                return ['epoch 3 of r1 is missing'];
              },
            },
          }),
        );
        const task = await client.history.verify({});
        expect(await task.next()).toMatchObject({ value: step(1) });
        expect(await task.next()).toMatchObject({ value: step(2) });
        expect(await task.next()).toEqual({ done: true, value: ['epoch 3 of r1 is missing'] });
      });

      it('that fail half-way end in a typed error', async () => {
        const { client } = await connect(
          handlerOf({
            history: {
              async *backup() {
                yield step(1);
                await Promise.resolve();
                throw new AfterimageError('DISK_FULL', 'No space left.', 'Free 2 GB.');
              },
            },
          }),
        );
        const task = await client.history.backup({ path: '/tmp/x' });
        await task.next();
        const error = await task.next().catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(AfterimageError);
        expect(error).toMatchObject({ code: 'DISK_FULL', remedy: 'Free 2 GB.' });
      });

      it('stop when their reader leaves', async () => {
        const ended = Promise.withResolvers<undefined>();
        const { client } = await connect(
          handlerOf({
            history: {
              async *backup() {
                try {
                  for (let done = 0; ; done += 1) {
                    yield step(done);
                    await new Promise((resolve) => setTimeout(resolve, 1));
                  }
                } finally {
                  ended.resolve(undefined);
                }
              },
            },
          }),
        );
        for await (const { done } of await client.history.backup({ path: '/tmp/x' })) {
          if (done === 3) break;
        }
        await ended.promise;
      });

      it('and plain calls are cancelled by an AbortSignal, which is no fault to log', async () => {
        const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
        onTestFinished(() => {
          log.mockRestore();
        });
        const call = new EndlessCall();
        const { client } = await connect(
          handlerOf({ examples: { classMaps: (_, options) => call.run(options) } }),
        );
        const cancel = new AbortController();
        const answer = client.examples.classMaps(
          { runId: 'r1', exampleId: 3 },
          { signal: cancel.signal },
        );
        await call.begun;
        cancel.abort(new Error('changed my mind'));
        await expect(answer).rejects.toThrow('changed my mind');
        await call.cancelled;
        // The call has failed by now, and its failure gone through all that would log it.
        await nextTurn();
        expect(log).not.toHaveBeenCalled();
      });

      it('are cancelled when their caller is gone', async () => {
        const call = new EndlessCall();
        const { client, exchange } = await connect(
          handlerOf({ examples: { classMaps: (_, options) => call.run(options) } }),
        );
        const answer = client.examples.classMaps({ runId: 'r1', exampleId: 3 });
        const outcome = expect(answer).rejects.toMatchObject({ code: 'NO_NETWORK' });
        await call.begun;
        exchange.cut();
        await call.cancelled;
        await outcome;
      });
    });

    describe('events', () => {
      const streamOf = (log: EventLog): Handler =>
        handlerOf({ events: (_, options) => log.read(options) });

      async function take(events: AsyncIterator<WorkbenchEvent>, count: number): Promise<string[]> {
        const taken: string[] = [];
        while (taken.length < count) {
          const item = await events.next();
          taken.push(item.done === true ? 'end' : runIdOf(item.value));
        }
        return taken;
      }

      it('reach every reader, from the moment each came', async () => {
        const log = new EventLog();
        const { client, exchange } = await connect(streamOf(log));
        const early = await client.events({});
        log.publish(purged('a'));
        const late = await createApi(exchange.dial).client.events({});
        log.publish(purged('b'));
        expect(await take(early, 2)).toEqual(['a', 'b']);
        expect(await take(late, 1)).toEqual(['b']);
      });

      it('end when the reader leaves, even while it waits', async () => {
        const log = new EventLog();
        const left = Promise.withResolvers<undefined>();
        const { client } = await connect(
          handlerOf({
            events: (_, options) => {
              options.signal?.addEventListener('abort', () => {
                left.resolve(undefined);
              });
              return log.read(options);
            },
          }),
        );
        const events = await client.events({});
        const pending = events.next();
        await events.return(undefined);
        expect((await pending).done).toBe(true);
        await left.promise;
      });

      it('end by an AbortSignal', async () => {
        const cancel = new AbortController();
        const { client } = await connect(streamOf(new EventLog()));
        const events = await client.events({}, { signal: cancel.signal });
        const pending = events.next();
        cancel.abort(new Error('view closed'));
        await expect(pending).rejects.toThrow('view closed');
      });

      it('go on over lost connections, none lost and none twice', async () => {
        const log = new EventLog();
        const { client, connection, exchange } = await connect(streamOf(log));
        const events = await client.events({});
        const names = Array.from({ length: 60 }, (_, index) => `r${index}`);
        log.publish(purged('first'));
        await events.next();
        const reading = take(events, names.length);
        for (const [index, runId] of names.entries()) {
          log.publish(purged(runId));
          // Cut in the middle of a delivery as well as between two; more happens while away.
          if (index % 12 === 3) exchange.cut();
          if (index % 12 === 7) {
            await vi.waitFor(() => {
              expect(connection.state).toBe('open');
            });
          }
          if (index % 24 === 14) await new Promise((resolve) => setTimeout(resolve, 5));
        }
        expect(await reading).toEqual(names);
      });

      it('resume after a reload from the last event that was seen', async () => {
        const log = new EventLog();
        const { client, exchange } = await connect(streamOf(log));
        const events = await client.events({});
        for (const runId of ['a', 'b', 'c']) log.publish(purged(runId));
        await events.next();
        const { value } = await events.next();
        const lastEventId = getEventMeta(value)?.id;
        await events.return(undefined);
        exchange.cut();
        log.publish(purged('d'));
        const reloaded = await createApi(exchange.dial).client.events({}, { lastEventId });
        expect(await take(reloaded, 2)).toEqual(['c', 'd']);
      });

      it('say reset where what was missed is no longer kept, and go on', async () => {
        const log = new EventLog(3);
        const { client, exchange } = await connect(streamOf(log));
        const events = await client.events({});
        log.publish(purged('seen'));
        expect(await take(events, 1)).toEqual(['seen']);
        exchange.cut();
        for (const runId of ['a', 'b', 'c', 'd']) log.publish(purged(runId));
        expect(await take(events, 1)).toEqual(['reset']);
        log.publish(purged('e'));
        expect(await take(events, 1)).toEqual(['e']);
      });

      it('say reset after the workbench was started anew', async () => {
        const before = new EventLog();
        const { client, exchange } = await connect(streamOf(before));
        const events = await client.events({});
        before.publish(purged('a'));
        before.publish(purged('b'));
        expect(await take(events, 2)).toEqual(['a', 'b']);
        const after = new EventLog();
        for (const runId of ['c', 'd', 'e']) after.publish(purged(runId));
        exchange.serve(streamOf(after));
        exchange.cut();
        expect(await take(events, 1)).toEqual(['reset']);
        after.publish(purged('f'));
        expect(await take(events, 1)).toEqual(['f']);
      });

      it('say reset where the connection was lost before there was any', async () => {
        const log = new EventLog();
        const { client, exchange } = await connect(streamOf(log));
        const events = await client.events({});
        const reading = take(events, 2);
        exchange.cut();
        log.publish(purged('missed'));
        await new Promise((resolve) => setTimeout(resolve, 600));
        log.publish(purged('seen'));
        expect(await reading).toEqual(['reset', 'seen']);
      });
    });

    describe('connection', () => {
      it('tells its state, and a call waits for it to be open again', async () => {
        const { client, connection, exchange } = await connect(
          handlerOf({ filters: { list: () => Promise.resolve([]) } }),
        );
        const states: string[] = [connection.state];
        connection.onChange((state) => states.push(state));
        await client.filters.list({});
        exchange.cut();
        await vi.waitFor(() => {
          expect(connection.state).toBe('closed');
        });
        expect(await client.filters.list({})).toEqual([]);
        expect(states.slice(-3)).toEqual(['open', 'closed', 'open']);
      });
    });
  });
}
