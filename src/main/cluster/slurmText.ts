import type { TaskState } from '../../shared/remoteRuns.ts';

/** A task of an array as Slurm prints it. */
export interface TaskRow extends Omit<TaskState, 'task'> {
  /** Its number in the array. */
  place: number;
}

/** What `parseSqueue` reads: job, place in the array, state, reason, nodes. */
export const squeueFormat = '%F|%K|%T|%r|%N';

const waitingWords = new Set([
  'PENDING',
  'REQUEUED',
  'REQUEUE_FED',
  'REQUEUE_HOLD',
  'SPECIAL_EXIT',
]);
const runningWords = new Set([
  ...['CONFIGURING', 'COMPLETING', 'RUNNING', 'RESIZING', 'SIGNALING'],
  ...['STAGE_OUT', 'STOPPED', 'SUSPENDED'],
]);

function phaseOf(word: string): TaskState['phase'] {
  if (waitingWords.has(word)) return 'waiting';
  return runningWords.has(word) ? 'running' : 'ended';
}

/** `CANCELLED by 1000` and `CANCELLED+` are cancelled. */
const plain = (word: string): string => /^\w+/.exec(word)?.[0] ?? word;

function toRow(job: string, place: string, words: string, reason: string, node: string): TaskRow {
  const word = plain(words);
  const said = ['None', 'N/A', ''].includes(reason) ? '' : reason;
  return { job, place: Number(place), phase: phaseOf(word), word, reason: said, node };
}

const rowsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('|').map((field) => field.trim()));

/** Tasks of arrays in what `squeue --noheader --array --format` prints; other jobs are left out. */
export const parseSqueue = (text: string): TaskRow[] =>
  rowsOf(text)
    .filter(([, place = '']) => /^\d+$/.test(place))
    .map(([job = '', place = '', word = '', reason = '', node = '']) =>
      toRow(job, place, word, reason, node),
    );

/** The same in what `sacct --parsable2 --format=JobID,State,ExitCode,NodeList` prints. */
export const parseSacct = (text: string): TaskRow[] =>
  rowsOf(text).flatMap(([id = '', word = '', exit = '', node = '']) => {
    const [, job, place] = /^(\d+)_(\d+)$/.exec(id) ?? [];
    if (job === undefined || place === undefined) return [];
    const reason = plain(word) === 'FAILED' && exit !== '' ? `exit code ${exit}` : '';
    return [toRow(job, place, word, reason, node === 'None assigned' ? '' : node)];
  });

/** Ascending numbers as `--array` takes them: `0-3,7`. */
export function formatTasks(places: readonly number[]): string {
  const spans: [number, number][] = [];
  for (const place of places) {
    const last = spans.at(-1);
    if (last?.[1] === place - 1) last[1] = place;
    else spans.push([place, place]);
  }
  return spans.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}
