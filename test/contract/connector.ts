import { afterEach, vi } from 'vitest';
import type { Handler } from '../../src/main/router.ts';
import { createApi } from '../../src/renderer/api.ts';
import type { Api } from '../../src/renderer/api.ts';
import type { Exchange } from './connections.ts';

export type OpenExchange = (handler: Handler) => Promise<Exchange>;
export type Connect = (handler: Handler) => Promise<Api & { exchange: Exchange }>;

/** Opens exchanges that end with the test. */
export function connector(open: OpenExchange): Connect {
  const exchanges: Exchange[] = [];
  afterEach(() => {
    for (const exchange of exchanges.splice(0)) exchange.close();
    vi.restoreAllMocks();
  });
  return async (handler) => {
    const exchange = await open(handler);
    exchanges.push(exchange);
    return { ...createApi(exchange.dial), exchange };
  };
}
