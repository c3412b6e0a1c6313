import type { Resources, TaskState } from '../../shared/remoteRuns.ts';

export interface JobRequest {
  name: string;
  /** Numbers of the tasks, ascending, each once. */
  tasks: readonly number[];
  /** The folder that every machine sees; tasks' output goes to `logs` in it. */
  folder: string;
  /** Words of the command line of a task; its number is put behind them. */
  command: readonly string[];
  /** Shell commands before it; empty where there are none. */
  setup: string;
  resources: Resources;
}

/** A job that was handed over. A scheduler may need several for a request: each has some of the tasks. */
export interface SubmittedJob {
  id: string;
  tasks: number[];
  /** What is added to a task's place in the job to have its number. */
  offset: number;
}

/** What a task knows of itself. */
export interface OwnTask {
  /** The job that it is a part of; empty outside the scheduler. */
  job: string;
  /** The scheduler's number for the task alone. */
  id: string;
  /** What the scheduler calls its machine. */
  node: string;
  /** How often it was put back and started again. */
  restarts: number;
}

/**
 * Has tasks run somewhere. What goes wrong is an AfterimageError that says so in the scheduler's words:
 * NOT_FOUND where there is no such scheduler here, NO_NETWORK where it does not answer, INVALID_ARGUMENT
 * where it refuses.
 */
export interface Scheduler {
  /** Hands tasks over, all or none. */
  submit: (request: JobRequest) => Promise<SubmittedJob[]>;
  /** What it knows of the tasks of jobs: of those that ended long ago it may know nothing. */
  list: (jobs: readonly SubmittedJob[]) => Promise<TaskState[]>;
  /** Ends what waits or runs of jobs; nothing where all have ended. */
  cancel: (jobs: readonly SubmittedJob[]) => Promise<void>;
  /** Where the output of a task lies. */
  logPath: (folder: string, job: SubmittedJob, task: number) => string;
  /** Inside a task: which one it is, from its environment. */
  ownTask: (env: NodeJS.ProcessEnv) => OwnTask;
  /** Inside a task: has it wait for a machine again, and ends it. */
  requeue: (own: OwnTask) => Promise<void>;
}
