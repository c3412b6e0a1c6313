import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer';
import { ServerPeer } from '@orpc/standard-server-peer';
import { throttleLog } from '../platform/throttledLog.ts';
import type { Handler } from '../router.ts';

/** What crosses: text, or text with a binary part behind it. */
export type Message = string | ArrayBuffer | Uint8Array;

/** The way to a caller. */
export interface Caller {
  /** Settles when the caller's side has taken it, where the transport can tell. */
  send: (message: string | Uint8Array) => Promise<void> | void;
  /** Whether so much waits to be taken that nothing should be added. */
  isBehind?: () => boolean;
  /** Asks for more messages, or for none. */
  read?: (wanted: boolean) => void;
}

/**
 * Calls of one connection that are worked on at once, streams included. Each may make an answer of some
 * 20 MB, so this, and not how fast a caller asks, is what bounds memory.
 */
const mostAtOnce = 16;
/** What may wait; a page never has as many. Then the connection is read no further. */
const mostWaiting = 256;
const mostWaitingBytes = 2 ** 26;

/** Longest frame that is looked into for being a word about an earlier call. */
const longestControl = 200;
const logged = throttleLog(10_000);
const shownCharacters = 120;

/** Which call a message cancels; null if it is a call itself. */
function findCancelled(message: Message): string | null {
  if (typeof message !== 'string' || message.length > longestControl) return null;
  const [, id] = /^\{"i":("[^"]*"),"t":4\b/.exec(message) ?? [];
  return id ?? null;
}

const sizeOf = (message: Message): number =>
  typeof message === 'string' ? message.length : message.byteLength;

/** Answers the calls of one connection, a few at a time, in the order in which they came. */
export class Calls {
  readonly #peer: ServerPeer;
  readonly #handle: ReturnType<typeof createServerPeerHandleRequestFn>;
  readonly #caller: Caller;
  #waiting: Message[] = [];
  #waitingBytes = 0;
  #running = 0;

  constructor(handler: Handler, caller: Caller) {
    this.#caller = caller;
    this.#handle = createServerPeerHandleRequestFn(handler, { context: {} });
    this.#peer = new ServerPeer(async (message) => {
      await caller.send(message as string | Uint8Array);
    });
  }

  /** Calls that are worked on. */
  get running(): number {
    return this.#running;
  }

  receive(message: Message): void {
    const cancelled = findCancelled(message);
    if (cancelled === null) {
      this.#waiting.push(message);
      this.#waitingBytes += sizeOf(message);
      this.proceed();
      return;
    }
    this.#forget(cancelled);
    void this.#answer(message);
  }

  /** Begins what may be begun; called again when the caller has taken something. */
  proceed(): void {
    while (this.#running < mostAtOnce && this.#caller.isBehind?.() !== true) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#waitingBytes -= sizeOf(next);
      this.#running += 1;
      void this.#answer(next).then(() => {
        this.#running -= 1;
        this.proceed();
      });
    }
    const { length } = this.#waiting;
    this.#caller.read?.(length < mostWaiting && this.#waitingBytes < mostWaitingBytes);
  }

  /** The caller is gone: cancels what it called for. */
  close(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#peer.close();
  }

  /** Takes a call that has not begun off the list. */
  #forget(id: string): void {
    const begins = `{"i":${id},`;
    this.#waiting = this.#waiting.filter(
      (message) => typeof message !== 'string' || !message.startsWith(begins),
    );
    this.#waitingBytes = this.#waiting.reduce((sum, message) => sum + sizeOf(message), 0);
    this.proceed();
  }

  /** Settles when the last word of the answer is out; what is no message is logged, in one line. */
  async #answer(message: Message): Promise<void> {
    try {
      await this.#peer.message(message, this.#handle);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logged(
        `A message could not be answered: ${JSON.stringify(reason.slice(0, shownCharacters))}`,
      );
    }
  }
}
