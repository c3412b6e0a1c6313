import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WorkbenchEvent } from '../../shared/events.ts';
import type { Training } from './training.ts';

interface Followed {
  training: Pick<Training, 'idle'>;
  events: { read: (options: { signal: AbortSignal }) => AsyncIterable<WorkbenchEvent> };
}

/**
 * Tells `see` all that happens until no run waits or trains, the last included.
 *
 * @param begin has runs begin, where they have not
 */
export async function followRuns(
  { training, events }: Followed,
  see: (event: WorkbenchEvent) => void,
  begin: () => void = () => undefined,
): Promise<void> {
  const reading = new AbortController();
  const stream = events.read({ signal: reading.signal });
  const seen = (async () => {
    for await (const event of stream) see(event);
  })();
  begin();
  // What cannot be told ends the wait.
  await Promise.race([training.idle, seen]);
  // What was published last is still to be read.
  await nextTurn();
  reading.abort();
  await seen;
}
