import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ClassMaps, ClassMapsRequest } from '../../shared/classMaps.ts';

const thread = new URL('../learning/classMapsThread.ts', import.meta.url);

/**
 * Maps of classes that no epoch stored, computed in a thread of their own: learning is known here only
 * by what it is started with. The signal ends the thread.
 */
export async function startClassMaps(
  request: ClassMapsRequest,
  signal: AbortSignal | undefined,
): Promise<ClassMaps> {
  signal?.throwIfAborted();
  const worker = new Worker(thread, { workerData: request });
  try {
    const [maps] = (await once(worker, 'message', signal ? { signal } : {})) as [ClassMaps];
    return maps;
  } finally {
    void worker.terminate();
  }
}
