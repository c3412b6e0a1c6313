import { join } from 'node:path';
import { settingsOf, valueAt } from '../../../core/config/settingValues.ts';
import { epochMetricNames, epochMetrics, readMetric } from '../../../core/metrics/epochMetrics.ts';
import type { EpochMetrics, Run, RunStatus } from '../../../core/records.ts';
import { makeOutputFolder, saveOutput } from '../../platform/files.ts';
import type { WriteRuns } from './format.ts';
import {
  encodeEvents,
  endValue,
  scalarValue,
  settingsValue,
  textValue,
  type LoggedEvent,
  type RunEnd,
} from './tensorboardEvents.ts';

const secondsOf = (time: string): number => Date.parse(time) / 1000;

/** Settings as `--set` names them in full, and the seed. */
function listSettings({ config, seed }: Run): Record<string, string | number> {
  const paths = settingsOf(config).map(({ path }) => path);
  return Object.fromEntries([
    ['seed', seed],
    ...paths.map((path) => [path, valueAt(config, path) ?? 'none'] as const),
  ]);
}

const endOf = (status: RunStatus): RunEnd => {
  if (status === 'completed' || status === 'stopped') return 'success';
  if (status === 'failed') return 'failure';
  return status === 'running' ? 'running' : 'unknown';
};

const describeConfig = ({ config }: Run): string =>
  `\`\`\`json\n${JSON.stringify(config, null, 2)}\n\`\`\``;

function logEpoch(metrics: EpochMetrics, wallTime: number): LoggedEvent {
  const values = epochMetricNames.flatMap((name) => {
    const value = readMetric(metrics, name);
    const { title, definition, about } = epochMetrics[name];
    return value === null
      ? []
      : [scalarValue(`${about}/${name}`, value, { title, description: definition })];
  });
  return { wallTime, step: metrics.epoch, values };
}

/** A run as TensorBoard shows it: a step is an epoch, a time when it ended, had the run not paused. */
function encodeRun(run: Run): Uint8Array {
  const begun = secondsOf(run.startedAt ?? run.createdAt);
  let wallTime = begun;
  const epochs = run.epochs.map((metrics) => {
    wallTime += metrics.durationMs / 1000;
    return logEpoch(metrics, wallTime);
  });
  const texts = [textValue('configuration', describeConfig(run))];
  if (run.note !== '') texts.push(textValue('note', run.note));
  const settings = settingsValue(listSettings(run), run.name, begun);
  return encodeEvents([
    { wallTime: begun, step: 0, values: [settings, ...texts] },
    ...epochs,
    { wallTime, step: 0, values: [endValue(endOf(run.status), wallTime)] },
  ]);
}

/** A name for each run's folder: its own, where several have it with their ids, without separators. */
function nameFolders(runs: readonly Run[]): string[] {
  const names = runs.map(({ name }) =>
    name.replace(/[/\\:*?"<>|\p{Cc}]/gu, '_').replace(/^\.+/, '_'),
  );
  return names.map((name, i) =>
    names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} ${runs[i]?.id ?? ''}`,
  );
}

export const writeTensorboard: WriteRuns = async ({ openRuns }, { out }) => {
  const runs = openRuns().map(({ run }) => run);
  const folders = nameFolders(runs);
  const written: string[] = [];
  for (const [i, run] of runs.entries()) {
    const folder = join(out, folders[i] ?? run.id);
    makeOutputFolder(folder);
    const begun = Math.floor(secondsOf(run.createdAt));
    const path = join(folder, `events.out.tfevents.${begun}.${run.id}`);
    await saveOutput(path, encodeRun(run));
    written.push(path);
  }
  return written;
};
