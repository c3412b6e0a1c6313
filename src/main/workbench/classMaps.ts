import type { ClassMaps, ClassMapsRequest } from '../../core/maps/classMaps.ts';
import { runInThread } from '../platform/threads.ts';

const thread = new URL('../learning/classMapsThread.ts', import.meta.url);

/**
 * Maps of classes that no epoch stored, computed in a thread of their own: learning is known here only
 * by what it is started with. The signal ends the thread.
 */
export const startClassMaps = (
  request: ClassMapsRequest,
  signal: AbortSignal | undefined,
): Promise<ClassMaps> => runInThread(thread, request, { signal });
