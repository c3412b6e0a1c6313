import { randomBytes } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { WorkbenchApi } from '../../src/main/router.ts';
import { AfterimageError } from '../../src/core/errors.ts';
import { connector } from './connector.ts';
import type { OpenExchange } from './connector.ts';
import { handlerOf } from './workbenchDouble.ts';

type Arguments<Call extends (...parts: never[]) => unknown> = Parameters<Call>[0];

/** Silences the log and returns what was written to it. */
function captureLog(): { text: () => string } {
  const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  return { text: () => log.mock.calls.flat().map(String).join(' ') };
}

/** Calls, errors and binary payloads, whatever carries them. */
export function describeCalls(name: string, open: OpenExchange): void {
  describe(`calls over ${name}`, () => {
    const connect = connector(open);

    describe('calls', () => {
      it('hands over validated input with its defaults and gives back the answer', async () => {
        const list = vi.fn<WorkbenchApi['examples']['list']>(() => Promise.resolve([]));
        const { client } = await connect(handlerOf({ examples: { list } }));
        expect(await client.examples.list({ runId: 'r1' })).toEqual([]);
        expect(list.mock.calls[0]?.[0]).toMatchObject({ runId: 'r1', epoch: null });
      });

      it('calls methods on their owner', async () => {
        class Filters {
          readonly #saved = [{ name: 'mine', query: 'q=1' }];
          list(): Promise<{ name: string; query: string }[]> {
            return Promise.resolve(this.#saved);
          }
        }
        const { client } = await connect(handlerOf({ filters: new Filters() }));
        expect(await client.filters.list({})).toEqual([{ name: 'mine', query: 'q=1' }]);
      });

      it('keeps answers apart that are out of order', async () => {
        const gates = new Map<string, () => void>();
        const { client } = await connect(
          handlerOf({
            runs: {
              reorder: async ({ runIds }) => {
                await new Promise<void>((resolve) => gates.set(runIds.join(), resolve));
                return runIds;
              },
            },
          }),
        );
        const first = client.runs.reorder({ runIds: ['first'] });
        const second = client.runs.reorder({ runIds: ['second'] });
        await vi.waitFor(() => {
          expect(gates.size).toBe(2);
        });
        gates.get('second')?.();
        expect(await second).toEqual(['second']);
        gates.get('first')?.();
        expect(await first).toEqual(['first']);
      });
    });

    describe('errors', () => {
      it('cross as code, message and remedy', async () => {
        const { client } = await connect(
          handlerOf({
            runs: {
              get: () => {
                throw new AfterimageError('NOT_FOUND', 'There is no run r9.', 'List the runs.');
              },
            },
          }),
        );
        const error = await client.runs.get({ runId: 'r9' }).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(AfterimageError);
        expect(error).toMatchObject({
          code: 'NOT_FOUND',
          message: 'There is no run r9.',
          remedy: 'List the runs.',
        });
      });

      it('that nobody foresaw cross as INTERNAL without their stack, and are logged', async () => {
        const log = captureLog();
        const { client, exchange } = await connect(
          handlerOf({ runs: { get: () => Promise.reject(new TypeError('x is not a function')) } }),
        );
        await expect(client.runs.get({ runId: 'r1' })).rejects.toMatchObject({
          code: 'INTERNAL',
          message: 'runs.get failed: x is not a function',
        });
        expect(exchange.arrived.map(String).join('\n')).not.toMatch(/\bat .*\.ts|node:internal/);
        expect(log.text()).toContain('x is not a function');
      });

      it('refuse a payload with the field that is wrong, before the workbench sees it', async () => {
        const rename = vi.fn<WorkbenchApi['runs']['rename']>();
        const { client } = await connect(handlerOf({ runs: { rename } }));
        await expect(client.runs.rename({ runId: 'r1', name: '' })).rejects.toMatchObject({
          code: 'INVALID_ARGUMENT',
          message: expect.stringMatching(/^runs\.rename: name: /) as string,
        });
        const surplus = { runId: 'r1', name: 'n', more: 1 } as Arguments<typeof rename>;
        await expect(client.runs.rename(surplus)).rejects.toMatchObject({
          code: 'INVALID_ARGUMENT',
          message: expect.stringContaining('more') as string,
        });
        expect(rename).not.toHaveBeenCalled();
      });

      it('name the place of a wrong value in a list', async () => {
        const { client } = await connect(handlerOf({ datasets: {} }));
        await expect(
          client.datasets.images({ datasetId: 'abc', split: 'test', indices: [0, 1, -3] }),
        ).rejects.toMatchObject({
          code: 'INVALID_ARGUMENT',
          message: expect.stringContaining('indices.2: ') as string,
        });
      });

      it('report an answer that breaks the contract as a fault of the program', async () => {
        const log = captureLog();
        const { client } = await connect(
          handlerOf({ runs: { reorder: () => Promise.resolve([7 as never]) } }),
        );
        await expect(client.runs.reorder({ runIds: ['r1'] })).rejects.toMatchObject({
          code: 'INTERNAL',
        });
        expect(log.text()).toContain('runs.reorder failed');
      });

      it('refuse a call that the contract does not have', async () => {
        const { client } = await connect(handlerOf({}));
        const { nonsense } = client.runs as unknown as Record<string, () => Promise<unknown>>;
        await expect(nonsense?.()).rejects.toBeInstanceOf(AfterimageError);
        const { constructor } = client as unknown as { constructor: () => Promise<unknown> };
        await expect(constructor()).rejects.toBeInstanceOf(AfterimageError);
      });
    });

    describe('binary', () => {
      const bytes = new Uint8Array(randomBytes(1 << 20));

      it('arrives as bytes, not as text that stands for bytes', async () => {
        const { client, exchange } = await connect(
          handlerOf({ examples: { epoch: () => Promise.resolve(new Blob([bytes])) } }),
        );
        const answer = await client.examples.epoch({ runId: 'r1', epoch: 0 });
        expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
        expectOneBinaryMessage(exchange.arrived, bytes.length);
      });

      it('goes up as bytes', async () => {
        let received: Uint8Array | null = null;
        const { client, exchange } = await connect(
          handlerOf({
            runs: {
              sendBundle: async ({ piece }) => {
                received = new Uint8Array(await piece.arrayBuffer());
              },
            },
          }),
        );
        await client.runs.sendBundle({ bundleId: 'b', offset: 0, piece: new Blob([bytes]) });
        expect(received).toEqual(bytes);
        expectOneBinaryMessage(exchange.sent, bytes.length);
      });

      it('arrives as bytes with what stands beside it in the answer', async () => {
        const beside = { title: 'Ä & <b>', caption: 'c', widthPt: 252, heightPt: 100.25 };
        const specification = { template: 'cam-pair', style: { smooth: true } };
        const build = () =>
          Promise.resolve({
            ...beside,
            specification,
            svg: new Blob([bytes], { type: 'image/svg+xml' }),
          });
        const { client, exchange } = await connect(handlerOf({ figures: { build } }));
        const { svg, ...rest } = await client.figures.build({ specification });
        expect(rest).toEqual({ ...beside, specification });
        expect(new Uint8Array(await svg.arrayBuffer())).toEqual(bytes);
        expect(exchange.arrived.filter((message) => typeof message !== 'string')).toHaveLength(1);
      });

      it('may be empty', async () => {
        const { client } = await connect(
          handlerOf({ examples: { epoch: () => Promise.resolve(new Blob([])) } }),
        );
        expect((await client.examples.epoch({ runId: 'r1', epoch: 0 })).size).toBe(0);
      });
    });
  });
}

/** Exactly one message is binary, and it is hardly longer than the bytes that it carries. */
function expectOneBinaryMessage(messages: unknown[], byteLength: number): void {
  const binary = messages.filter((message) => typeof message !== 'string');
  expect(binary).toHaveLength(1);
  const [message] = binary as (ArrayBuffer | Uint8Array)[];
  expect(message?.byteLength).toBeGreaterThanOrEqual(byteLength);
  expect(message?.byteLength).toBeLessThan(byteLength + 1024);
}
