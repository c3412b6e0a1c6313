import { createPinia } from 'pinia';
import { createApp } from 'vue';
import type { Api } from '../../../src/renderer/api.ts';
import { apiKey } from '../../../src/renderer/stores/client.ts';

/** A call that the test answers when it likes. */
export interface PendingCall<Input> {
  input: Input;
  signal: AbortSignal | undefined;
  answer: (value: unknown) => void;
  fail: (error: unknown) => void;
}

/** A procedure of the client that records its calls and leaves the answers to the test. */
export function recordCalls<Input>(): {
  calls: PendingCall<Input>[];
  call: (input: Input, options?: { signal?: AbortSignal }) => Promise<unknown>;
} {
  const calls: PendingCall<Input>[] = [];
  const call = (input: Input, options?: { signal?: AbortSignal }): Promise<unknown> => {
    const { promise, resolve, reject } = Promise.withResolvers();
    calls.push({ input, signal: options?.signal, answer: resolve, fail: reject });
    return promise;
  };
  return { calls, call };
}

/** A store over a workbench that has no more than `client`. */
export function startStore<Store>(client: object, useStore: () => Store): Store {
  const connection = { state: 'open', onChange: () => () => undefined };
  const api = { client, connection } as unknown as Api;
  const app = createApp({}).provide(apiKey, api).use(createPinia());
  return app.runWithContext(useStore);
}

/** Lets promises that have settled have their say, Blobs included. */
export const settle = async (): Promise<void> => {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setTimeout(resolve, 1));
};
