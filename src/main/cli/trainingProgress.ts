import { MultiBar, type SingleBar } from 'cli-progress';
import { listBatchNotes, readMetric } from '../../core/metrics/epochMetrics.ts';
import type { EpochMetrics, RunSummary } from '../../core/records.ts';
import type { WorkbenchEvent } from '../../shared/events.ts';
import { formatDuration, type Output } from './output.ts';

type Progress = Extract<WorkbenchEvent, { type: 'progress' }>;

/** What the terminal shows of runs in training. */
export interface TrainingProgress {
  show: (event: WorkbenchEvent) => void;
  close: () => void;
}

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

function describeEpoch(name: string, metrics: EpochMetrics): string {
  const { epoch, testAccuracy, falsePredictions, trueLowConfidence } = metrics;
  const correlation = readMetric(metrics, 'inputCorrelation')?.toFixed(3) ?? 'undefined';
  const parts = [
    `accuracy ${percent(testAccuracy)}`,
    `false ${falsePredictions}`,
    `true low-confidence ${trueLowConfidence}`,
    `input correlation ${correlation}`,
    ...listBatchNotes(metrics),
    formatDuration(metrics.durationMs),
  ];
  return `${name}  epoch ${epoch}: ${parts.join(', ')}`;
}

const statusLine = ({ name, status }: RunSummary): string => `${name}  ${status}`;

/** A line per epoch and per change of status: for pipes and logs. */
function plainProgress(names: ReadonlyMap<string, string>, output: Output): TrainingProgress {
  const statuses = new Map<string, string>();
  const compiling = new Set<string>();
  const noteCompilation = ({ runId, progress }: Progress): void => {
    const { phase, compilationMs } = progress;
    const name = names.get(runId) ?? runId;
    if (phase === 'compilation') {
      compiling.add(runId);
      output.note(`${name}  compiling the step of training`);
    } else if (compilationMs !== undefined && compiling.delete(runId)) {
      output.note(`${name}  compiled in ${formatDuration(compilationMs)}`);
    }
  };
  return {
    show: (event) => {
      if (event.type === 'progress') noteCompilation(event);
      if (event.type === 'epoch') {
        output.note(describeEpoch(names.get(event.runId) ?? event.runId, event.metrics));
      }
      if (event.type !== 'run' || statuses.get(event.run.id) === event.run.status) return;
      statuses.set(event.run.id, event.run.status);
      output.note(statusLine(event.run));
    },
    close: () => undefined,
  };
}

/** A bar per run, epochs above them. */
function barProgress(names: ReadonlyMap<string, string>, output: Output): TrainingProgress {
  const width = Math.max(...[...names.values()].map((name) => name.length));
  const bars = new MultiBar(
    {
      format: '{name} {bar} {phase} {step}/{steps}  {speed} images/s  {left}',
      barsize: 24,
      hideCursor: true,
      stream: process.stderr,
    },
    { barCompleteChar: '━', barIncompleteChar: '─' } as never,
  );
  const barOf = new Map<string, SingleBar>();
  const bar = (runId: string): SingleBar => {
    const known = barOf.get(runId);
    if (known) return known;
    const name = (names.get(runId) ?? runId).padEnd(width);
    const idle = { name, phase: 'starting', step: 0, steps: 0, speed: '–', left: '' };
    const created = bars.create(1, 0, idle);
    barOf.set(runId, created);
    return created;
  };
  const plain = plainProgress(names, {
    ...output,
    note: (text) => {
      bars.log(`${text}\n`);
    },
  });
  return {
    show: (event) => {
      plain.show(event);
      if (event.type !== 'progress') return;
      const { progress, remainingMs } = event;
      const { phase, epoch, epochs, step, steps, imagesPerSecond } = progress;
      bar(event.runId).setTotal(steps);
      bar(event.runId).update(step, {
        phase: `epoch ${epoch}/${epochs} ${phase}`,
        step,
        steps,
        speed: imagesPerSecond === 0 ? '–' : Math.round(imagesPerSecond),
        left: remainingMs === null ? '' : `at most ${formatDuration(remainingMs)} left`,
      });
    },
    close: () => {
      bars.stop();
    },
  };
}

/** @param names of the runs shown, by id */
export const showTraining = (
  names: ReadonlyMap<string, string>,
  output: Output,
): TrainingProgress =>
  output.interactive ? barProgress(names, output) : plainProgress(names, output);
