import {
  AsyncIteratorClass,
  createORPCClient,
  getEventMeta,
  mapEventIterator,
  ORPCError,
} from '@orpc/client';
import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../shared/contract.ts';
import type { WorkbenchEvent } from '../shared/events.ts';
import { AfterimageError, errorCodes } from '../core/errors.ts';
import { portAnswer, portRequest, shellScheme } from '../shared/portHandshake.ts';

/** Reconnecting waits this long after the first failure, then twice as long each time. */
const firstRetryMs = 250;
const lastRetryMs = 5_000;
/** A call made while there is no connection waits this long for one. */
const callPatienceMs = 10_000;

type Stream = AsyncIteratorObject<unknown>;

/** An open way to the workbench; `lost` aborts when it is no longer. */
export interface Line {
  link: ClientLink<ClientContext>;
  lost: AbortSignal;
}
/** Opens a line, or rejects where none can be had now. */
export type Dial = () => Promise<Line>;

/**
 * `connecting` until the first attempt ends; `closed` from a loss until the line is open again;
 * `refused` while a workbench is there and does not know this page's key.
 */
export type ConnectionState = 'connecting' | 'open' | 'closed' | 'refused';
export interface Connection {
  readonly state: ConnectionState;
  /** Calls back after each change of `state`; returns how to stop that. */
  onChange: (callback: (state: ConnectionState) => void) => () => void;
}
export interface Api {
  /**
   * Rejects with AfterimageError, or with the reason of the call's own AbortSignal. A call that the
   * connection fails under rejects with NO_NETWORK: it may or may not have taken effect.
   * `events` outlives lost connections and goes on where it stopped; where that cannot be, it says
   * `reset`.
   */
  client: ContractRouterClient<Contract>;
  connection: Connection;
}

/** The workbench as this page reaches it: the shell's port, or a WebSocket to where it came from. */
export function createApi(dial: Dial = dialPage): Api {
  const keeper = new LineKeeper(dial);
  const link: ClientLink<ClientContext> = {
    call: (path, input, options) =>
      path.join('.') === 'events'
        ? openResumingEvents(keeper, path, input, options)
        : callOnce(keeper, path, input, options),
  };
  return { client: createORPCClient(link), connection: keeper };
}

/** Keeps one line open for as long as the page lives. */
class LineKeeper implements Connection {
  state: ConnectionState = 'connecting';
  readonly #callbacks = new Set<(state: ConnectionState) => void>();
  #line: Line | null = null;
  #opened = Promise.withResolvers<Line>();

  constructor(dial: Dial) {
    void this.#keep(dial);
  }

  onChange(callback: (state: ConnectionState) => void): () => void {
    this.#callbacks.add(callback);
    return () => this.#callbacks.delete(callback);
  }

  /** The open line, waited for at most `patienceMs`. */
  async opened(signal: AbortSignal | undefined, patienceMs: number): Promise<Line> {
    if (this.#line !== null) return this.#line;
    if (this.state === 'refused' && patienceMs < Infinity) throw keyRefused();
    const giveUp = new AbortController();
    const timer = setTimeout(
      () => {
        giveUp.abort(connectionLost());
      },
      Math.min(patienceMs, 2 ** 31 - 1),
    );
    try {
      const signals = signal === undefined ? [giveUp.signal] : [giveUp.signal, signal];
      return await Promise.race([this.#opened.promise, rejectOnAbort(AbortSignal.any(signals))]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #keep(dial: Dial): Promise<never> {
    let retryMs = firstRetryMs;
    for (;;) {
      try {
        const line = await dial();
        retryMs = firstRetryMs;
        this.#line = line;
        this.#opened.resolve(line);
        this.#change('open');
        await new Promise((resolve) => {
          onAbort(line.lost, resolve);
        });
        this.#opened = Promise.withResolvers<Line>();
        this.#line = null;
        this.#change('closed');
      } catch (error) {
        // Not reachable now; the state says so, and the next attempt may succeed.
        this.#change(error instanceof KeyRefused ? 'refused' : 'closed');
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs));
      retryMs = Math.min(2 * retryMs, lastRetryMs);
    }
  }

  #change(state: ConnectionState): void {
    if (this.state === state) return;
    this.state = state;
    for (const callback of this.#callbacks) callback(state);
  }
}

async function callOnce(
  keeper: LineKeeper,
  path: readonly string[],
  input: unknown,
  options: ClientOptions<ClientContext>,
): Promise<unknown> {
  const line = await keeper.opened(options.signal, callPatienceMs);
  const translate = (error: unknown): unknown => translateError(error, line, options.signal);
  try {
    const output = await line.link.call(path, input, options);
    if (!isStream(output)) return output;
    return mapEventIterator(output, {
      value: (value) => Promise.resolve(value),
      error: (error) => Promise.resolve(translate(error)),
    });
  } catch (error) {
    throw translate(error);
  }
}

/** The workbench's events over as many lines as it takes, none lost and none twice. */
async function openResumingEvents(
  keeper: LineKeeper,
  path: readonly string[],
  input: unknown,
  options: ClientOptions<ClientContext>,
): Promise<Stream> {
  let lastEventId = options.lastEventId;
  let ended = false;
  const open = async (): Promise<{ line: Line; events: Stream }> => {
    for (;;) {
      const line = await keeper.opened(options.signal, Infinity);
      try {
        const events = await line.link.call(path, input, { ...options, lastEventId });
        return { line, events: events as Stream };
      } catch (error) {
        if (!line.lost.aborted) throw translateError(error, line, options.signal);
      }
    }
  };
  let current = await open();
  const next = async (): Promise<IteratorResult<unknown, unknown>> => {
    for (;;) {
      try {
        const item = await current.events.next();
        lastEventId = getEventMeta(item.value)?.id ?? lastEventId;
        return item;
      } catch (error) {
        if (ended) return { done: true, value: undefined };
        if (!current.line.lost.aborted) throw translateError(error, current.line, options.signal);
        current = await open();
        // Without an id nobody can tell what happened between the two lines.
        if (lastEventId === undefined) return { done: false, value: resetEvent };
      }
    }
  };
  return new AsyncIteratorClass(next, async () => {
    ended = true;
    await current.events.return?.();
  });
}

const resetEvent: WorkbenchEvent = { type: 'reset' };

/** What a caller sees of an error: its own abort's reason, else an AfterimageError. */
function translateError(error: unknown, line: Line, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (error instanceof AfterimageError) return error;
  if (error instanceof ORPCError) {
    const code = errorCodes.find((known) => known === error.code) ?? 'INTERNAL';
    const { remedy } = (error.data ?? {}) as { remedy?: string };
    return new AfterimageError(code, error.message, remedy ?? reloadRemedy, error);
  }
  if (line.lost.aborted) return connectionLost();
  return new AfterimageError('INTERNAL', String(error), reloadRemedy, error);
}

const reloadRemedy = 'Reload the page; if it happens again, report it.';

function connectionLost(): AfterimageError {
  return new AfterimageError(
    'NO_NETWORK',
    'The connection to the workbench is lost.',
    'Check that Afterimage still runs on its machine; the page reconnects by itself.',
  );
}

/** A workbench answered, and let this page's key in no more. */
export class KeyRefused extends Error {}

const keyRefused = (): AfterimageError =>
  new AfterimageError(
    'NO_NETWORK',
    'Afterimage was started again and does not know this page’s key.',
    'Open the address that it printed in its terminal; this page then goes on by itself.',
  );

function isStream(output: unknown): output is Stream {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}

function onAbort(signal: AbortSignal, callback: (reason: unknown) => void): void {
  const call = (): void => {
    callback(signal.reason);
  };
  if (signal.aborted) call();
  else signal.addEventListener('abort', call, { once: true });
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    onAbort(signal, reject);
  });
}

const dialPage: Dial = () =>
  location.protocol === `${shellScheme}:`
    ? dialShell()
    : dialSocket(new WebSocket(location.origin.replace(/^http/, 'ws'))).catch(explainRefusal);

/** A browser does not say why a socket did not open: whether the key is wrong, a plain request tells. */
async function explainRefusal(cause: unknown): Promise<never> {
  const answer = await fetch(location.origin, { method: 'HEAD', cache: 'no-store' }).catch(
    () => null,
  );
  throw answer?.status === 403 ? new KeyRefused() : cause;
}

/** A line over a WebSocket that is being opened. */
export function dialSocket(socket: WebSocket): Promise<Line> {
  socket.binaryType = 'arraybuffer';
  const lost = new AbortController();
  return new Promise((resolve, reject) => {
    // Before the link's own listener, so that `lost` is true when its calls reject.
    socket.addEventListener('close', () => {
      lost.abort();
      reject(connectionLost());
    });
    const link = new SocketLink({ websocket: socket });
    socket.addEventListener('open', () => {
      resolve({ link, lost: lost.signal });
    });
  });
}

/** A line over a port whose other end is in the workbench's hands. */
export function dialPort(port: MessagePort): Line {
  const lost = new AbortController();
  port.addEventListener('close', () => {
    lost.abort();
  });
  const link = new PortLink({ port });
  port.start();
  return { link, lost: lost.signal };
}

/** Asks the preload for a port; it answers in a message to this window. */
function dialShell(): Promise<Line> {
  return new Promise((resolve) => {
    const receive = (event: MessageEvent): void => {
      const [port] = event.ports;
      if (event.source !== window || event.data !== portAnswer || port === undefined) return;
      window.removeEventListener('message', receive);
      resolve(dialPort(port));
    };
    window.addEventListener('message', receive);
    window.postMessage(portRequest, location.origin);
  });
}
