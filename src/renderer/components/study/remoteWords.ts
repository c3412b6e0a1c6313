import type { RemoteRun, RemoteState } from '../../../shared/remoteRuns.ts';
import { formatDuration, formatEpoch, formatInteger } from '../../composables/format.ts';

const words: Record<RemoteState, string> = {
  waiting: 'Waiting',
  starting: 'Starting',
  running: 'Running',
  saved: 'Waiting to go on',
  finished: 'Coming home',
  collected: 'Here',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

export const stateOfRemote = ({ state }: RemoteRun): string => words[state];

/** How far a run on a cluster is, how fast, and how long it will take. */
export function describeRemote({ state, progress, remainingMs }: RemoteRun): string {
  if (progress === null) return '';
  const { epoch, epochs, imagesPerSecond } = progress;
  const speed =
    imagesPerSecond === 0 || state !== 'running'
      ? ''
      : ` · ${formatInteger(imagesPerSecond)} images/s`;
  const left = remainingMs === null ? '' : ` · ${formatDuration(remainingMs)} left`;
  return `${formatEpoch(epoch, epochs)}${speed}${left}`;
}

/** `2 running, 1 waiting` */
export const countStates = (runs: readonly RemoteRun[]): string =>
  [...Map.groupBy(runs, stateOfRemote)]
    .map(([word, { length }]) => `${formatInteger(length)} ${word.toLowerCase()}`)
    .join(', ');
