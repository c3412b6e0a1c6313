import { z } from 'zod';
import { runErrorSchema, runIdSchema, type RunError } from '../core/records.ts';
import { trainerProgressSchema } from './events.ts';

/** What tasks ask of a scheduler; texts are in its own words, and it checks them. */
export const resourcesSchema = z.object({
  partition: z.string().optional(),
  /** Generic resources of a task, such as `gpu:1`. */
  gres: z.string().optional(),
  /** Cores of a task. */
  cpus: z.number().int().min(1),
  mem: z.string().optional(),
  time: z.string().optional(),
  account: z.string().optional(),
  /** As many tasks of a job run at once; undefined: as many as there is room for. */
  arrayLimit: z.number().int().min(1).optional(),
});
export type Resources = z.infer<typeof resourcesSchema>;
/** Those that are no longer as before. */
export const resourceChangesSchema = resourcesSchema.partial().strict();
export type ResourceChanges = z.infer<typeof resourceChangesSchema>;

/** What a run's task last wrote about it, beside the run's bundle on the shared folder. */
export const runReportSchema = z.object({
  runId: runIdSchema,
  /** `saved`: stopped before its end, with a bundle to go on from. */
  state: z.enum(['starting', 'running', 'saved', 'completed', 'failed']),
  /** The scheduler's number of the job. */
  job: z.string(),
  /** The machine that it is, or was, trained on. */
  node: z.string(),
  /** How often the scheduler has put the task back and started it again. */
  restarts: z.number().int().min(0),
  at: z.iso.datetime(),
  /** Null before the first step. */
  progress: trainerProgressSchema.nullable(),
  remainingMs: z.number().nullable(),
  error: runErrorSchema.nullable(),
});
export type RunReport = z.infer<typeof runReportSchema>;

/** What a scheduler says of a task. */
export interface TaskState {
  /** Its number in the submission, from 0. */
  task: number;
  /** The job that it is a part of, the last one where it was submitted again. */
  job: string;
  phase: 'waiting' | 'running' | 'ended';
  /** How it ended, in the scheduler's own word; `PENDING` or `RUNNING` before. */
  word: string;
  /** Why it waits or how it ended, in words for people; empty where there is nothing to say. */
  reason: string;
  /** Names of its machines; empty where it has none. */
  node: string;
}

export const remoteStates = [
  'waiting',
  'starting',
  'running',
  'saved',
  'finished',
  'collected',
  'failed',
  'cancelled',
] as const;

/** A run on a cluster, as lists show it. */
export const remoteRunSchema = z.object({
  runId: runIdSchema,
  name: z.string(),
  /** Id and name of the study that asks for it; no name where it was deleted. */
  studyId: z.string(),
  study: z.string(),
  seed: z.number().int(),
  /** The scheduler's number of its task, such as `123_4`. */
  task: z.string(),
  /**
   * `waiting`: for a machine; `saved`: the same, with epochs to go on from; `finished`: its bundle is there
   * and not collected yet.
   */
  state: z.enum(remoteStates),
  /** Whether it was taken back from there: it may be trained elsewhere, or handed over again. */
  isTakenBack: z.boolean(),
  /** Why it waits, in the scheduler's word, or why it failed: one sentence. Empty where there is none. */
  reason: z.string(),
  node: z.string(),
  progress: trainerProgressSchema.nullable(),
  remainingMs: z.number().nullable(),
  /** When its task last wrote; null where it never has. */
  at: z.iso.datetime().nullable(),
  /** Last lines of what its task or trainer printed, where it failed. */
  log: z.array(z.string()),
});
export type RemoteRun = z.infer<typeof remoteRunSchema>;
export type RemoteState = RemoteRun['state'];

const liveStates: ReadonlySet<RemoteState> = new Set(['waiting', 'starting', 'running', 'saved']);

/** Whether it has its task, be it that this waits. */
export const isLive = ({ state }: Pick<RemoteRun, 'state'>): boolean => liveStates.has(state);

/** Whether it can be handed over again, unless its task still trains others. */
export const canRetry = ({ state }: Pick<RemoteRun, 'state'>): boolean =>
  state === 'failed' || state === 'cancelled';

/** Whether taking it back changes anything: not where it was already, and not where it is done. */
export const canTakeBack = (run: Pick<RemoteRun, 'state' | 'isTakenBack'>): boolean =>
  isLive(run) || (canRetry(run) && !run.isTakenBack);

/** What is known of a run, from everywhere. */
export interface RemoteFacts {
  report: RunReport | null;
  /** Null where the scheduler was not asked, or knows nothing of the task any more. */
  task: TaskState | null;
  /** Whether the scheduler was asked, and answered. */
  isSchedulerKnown: boolean;
  /** Whether the bundle of its end lies on the shared folder. */
  hasResult: boolean;
  isCollected: boolean;
  /** Whether it was taken back from there. */
  isCancelled: boolean;
  /** Where the task was to write. */
  folder: string;
  /** The last line of the task's output; empty where there is none. */
  lastWords: string;
}

type Judgement = Pick<RemoteRun, 'state' | 'reason'>;

const failures: Readonly<Record<string, string>> = {
  TIMEOUT: 'It reached its time limit before its checkpoint was written: give it more with --time.',
  DEADLINE: 'It could not end before its deadline.',
  OUT_OF_MEMORY: 'It ran out of memory: give it more with --mem.',
  NODE_FAIL: 'Its machine failed.',
  BOOT_FAIL: 'Its machine did not start.',
};

/** What a run's own error says, in one sentence. */
const wordsOf = ({ message }: RunError): string => message;

/** Of a task that ended before it could say anything of the run. */
function explainSilence({ word, node }: TaskState, { folder, lastWords }: RemoteFacts): string {
  const how = `Its task ended (${word}${node === '' ? '' : ` on ${node}`})`;
  return lastWords === ''
    ? `${how} and wrote nothing: that machine may not see ${folder}.`
    : `${how} before it began: ${lastWords}`;
}

/** A task that is over without having left the run's bundle. */
function judgeEnd(task: TaskState, facts: RemoteFacts): Judgement {
  const { report } = facts;
  if (task.word === 'CANCELLED') return { state: 'cancelled', reason: '' };
  const isOfThisJob = report?.job === task.job;
  if (isOfThisJob && report.error !== null) {
    return { state: 'failed', reason: wordsOf(report.error) };
  }
  const known = failures[task.word];
  if (known !== undefined) return { state: 'failed', reason: known };
  if (!isOfThisJob) return { state: 'failed', reason: explainSilence(task, facts) };
  const words = task.reason === '' ? task.word : `${task.word}, ${task.reason}`;
  return { state: 'failed', reason: `Its task ended before the run did (${words}).` };
}

/** All that is left where the scheduler says nothing of a task. */
function judgeReport({ report, isSchedulerKnown, folder }: RemoteFacts): Judgement {
  if (report?.state === 'failed') {
    return { state: 'failed', reason: report.error === null ? '' : wordsOf(report.error) };
  }
  if (!isSchedulerKnown) return { state: stateOf(report), reason: '' };
  const ending = `The scheduler no longer knows its task, which`;
  return {
    state: 'failed',
    reason:
      report === null
        ? `${ending} wrote nothing: its machine may not see ${folder}.`
        : `${ending} ended before the run did.`,
  };
}

function stateOf(report: RunReport | null): RemoteState {
  if (report === null) return 'waiting';
  return report.state === 'completed' ? 'finished' : report.state;
}

/** How a run on a cluster fares: what its task wrote, joined with what the scheduler says of that. */
export function judgeRemote(facts: RemoteFacts): Judgement {
  const { report, task, hasResult, isCollected } = facts;
  if (isCollected) return { state: 'collected', reason: '' };
  if (hasResult) return { state: 'finished', reason: '' };
  if (facts.isCancelled && task?.phase !== 'running') return { state: 'cancelled', reason: '' };
  if (task === null) return judgeReport(facts);
  if (task.phase === 'ended') return judgeEnd(task, facts);
  const isOfThisJob = report?.job === task.job;
  if (isOfThisJob && report.state === 'failed') return judgeReport(facts);
  const hasEpochs = report !== null && report.progress !== null;
  if (task.phase === 'waiting') {
    return { state: hasEpochs ? 'saved' : 'waiting', reason: task.reason };
  }
  return { state: isOfThisJob && report.state === 'running' ? 'running' : 'starting', reason: '' };
}
