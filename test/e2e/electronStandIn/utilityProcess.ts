/**
 * Preloaded into a trainer: its parent's messages come as a utility process gets them. Its threads, which
 * preload it too, have no parent to hear.
 */
import { isMainThread } from 'node:worker_threads';

const listeners: ((event: { data: unknown }) => void)[] = [];
const channel = process as unknown as {
  send: (message: unknown) => void;
  parentPort: object;
  emit: (name: string, ...parts: unknown[]) => boolean;
};

function standIn(): void {
  const send = channel.send.bind(process);
  const emit = channel.emit.bind(process);

  // A forked child's messages arrive as this event: they are led to the port, which gives its own.
  channel.emit = (name, ...parts) => {
    const [message] = parts as [{ fromParent?: unknown } | undefined];
    if (name !== 'message' || message?.fromParent === undefined) return emit(name, ...parts);
    for (const listener of listeners) listener({ data: message.fromParent });
    return true;
  };
  channel.parentPort = {
    postMessage: send,
    on: (_name: string, listener: (event: { data: unknown }) => void) => listeners.push(listener),
  };
}

if (isMainThread) standIn();
