import type { RemoteRun } from '../../../shared/remoteRuns.ts';
import type { Table } from '../../export/table.ts';
import { formatDuration } from '../output.ts';
import { number, toTable, type ListColumn } from '../runsList.ts';

/** `epoch 3 of 30` while it trains, or of where it stopped. */
const howFar = ({ progress }: RemoteRun): string =>
  progress === null ? '' : `${progress.epoch} of ${progress.epochs}`;

const columns: readonly ListColumn<RemoteRun>[] = [
  ['run', ({ name }) => ({ text: name })],
  ['state', ({ state }) => ({ text: state })],
  ['task', ({ task }) => ({ text: task })],
  ['node', ({ node }) => ({ text: node })],
  ['epoch', (run) => ({ text: howFar(run) })],
  [
    'images/s',
    ({ state, progress }) =>
      number(state === 'running' ? Math.round(progress?.imagesPerSecond ?? 0) : null),
  ],
  [
    'left',
    ({ remainingMs }) => ({ text: remainingMs === null ? '' : formatDuration(remainingMs) }),
  ],
  ['why', ({ reason }) => ({ text: reason })],
];

export const tabulateRemote = (runs: readonly RemoteRun[]): Table =>
  toTable(
    `${runs.length} ${runs.length === 1 ? 'run' : 'runs'} on a cluster`,
    'remote',
    runs,
    columns,
  );

/** `3 collected, 1 running`, in the order of the states. */
export function countRemote(runs: readonly RemoteRun[]): string {
  const counts = Map.groupBy(runs, ({ state }) => state);
  return [...counts].map(([state, { length }]) => `${length} ${state}`).join(', ');
}
