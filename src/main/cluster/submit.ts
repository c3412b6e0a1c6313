import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AfterimageError, invalidArgument } from '../../core/errors.ts';
import type { EngineName } from '../../core/records.ts';
import { plannedRuns, trainingOrder, type PlannedRun } from '../../core/studies/plan.ts';
import type { StudyRecord } from '../../core/studies/progress.ts';
import type { Resources } from '../../shared/remoteRuns.ts';
import type { DatasetLibrary, StoredDataset } from '../datasets/library.ts';
import { enginesFolder } from '../engines/layout.ts';
import { toOutputError } from '../platform/errors.ts';
import { publishCopy, saveFile } from '../platform/files.ts';
import { makeFolder, privateFolderMode } from '../platform/folders.ts';
import { computeFileChecksum } from '../platform/hashes.ts';
import { createId } from '../store/database/ids.ts';
import type { History } from '../store/history.ts';
import type { StoredSubmission } from '../store/submissions.ts';
import type { JobRequest } from './scheduler.ts';
import { schedulers, type SchedulerName } from './schedulers.ts';
import { divideRuns, SubmissionFolder, type Submission } from './submission.ts';

export interface ClusterParts {
  history: History;
  library: DatasetLibrary;
  dataDir: string;
}

export interface SubmitOptions {
  on: SchedulerName;
  resources: Resources;
  runsPerTask: number;
  /** The folder that this machine and every node see; a submission gets one of its own in it. */
  shared: string;
  /** Shell commands before each task; empty where there are none. */
  setup: string;
  engine: EngineName;
}

/** INVALID_ARGUMENT where this program lies in an AppImage, which is there on this machine alone. */
export function checkProgram(): void {
  const image = process.env['APPIMAGE'];
  if (image === undefined) return;
  throw invalidArgument(
    `No node sees what is inside ${image}.`,
    'Unpack it onto the shared disk with --appimage-extract, and submit with bin/afterimage from there.',
  );
}

/** What a scheduler is told of a submission's tasks. */
export const requestOf = (
  { id, folder, resources, setup }: Pick<StoredSubmission, 'id' | 'folder' | 'resources' | 'setup'>,
  tasks: readonly number[],
): JobRequest => ({
  ...{ name: `afterimage-${id}`, tasks, folder, resources, setup },
  command: [
    // A packaged application's binary, too, is plain Node there.
    ...['env', 'ELECTRON_RUN_AS_NODE=1', process.execPath],
    fileURLToPath(new URL('../cli.ts', import.meta.url)),
    ...['study', 'task', '--folder', folder],
  ],
});

/**
 * The runs that a study still asks for, in the order of training: none is here in any state, and none is on a
 * cluster. `replaced` are those that were cancelled there, whose place they take.
 */
function listMissing({ id, study }: StudyRecord, { studies, submissions }: History) {
  const here = studies.listRuns(id).map(({ key }) => key);
  const taken = new Set([...here, ...submissions.listKeysAbroad(id)]);
  const remote = submissions.list(id).flatMap(({ runs }) => runs);
  return {
    missing: trainingOrder(study, plannedRuns(study)).filter(({ key }) => !taken.has(key)),
    replaced: remote.flatMap(({ runId, isCancelled }) => (isCancelled ? runId : [])),
  };
}

/** Puts data sets onto the shared folder, each once whatever is submitted there, and checks what is there. */
async function shareDatasets(
  names: readonly string[],
  { library }: ClusterParts,
  shared: string,
): Promise<Submission['datasets']> {
  const shareds: Submission['datasets'] = [];
  for (const name of new Set(names)) {
    const { record, path: source }: StoredDataset = await library.resolve(name);
    const path = join(shared, 'datasets', `${record.id}.safetensors`);
    const found = await computeFileChecksum(path, 'sha256').catch(() => null);
    if (found !== record.id) await publishCopy(source, path);
    shareds.push({ record, path });
  }
  return shareds;
}

/** A name that any file system takes, for people who look into the folder. */
const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '') || 'study';

function makeShared(shared: string): string {
  const path = resolve(shared);
  if (/[%\n]/.test(path)) {
    throw invalidArgument(
      `${path} has a sign in it that a scheduler reads as its own.`,
      'Give a folder without % with --shared.',
    );
  }
  try {
    makeFolder(path, privateFolderMode);
  } catch (error) {
    throw toOutputError(error, path);
  }
  return path;
}

const toSubmitted = (
  { id, name }: { id: string; name: string },
  runs: readonly PlannedRun[],
  { on: scheduler, engine, resources, runsPerTask }: SubmitOptions,
  { dataDir, datasets }: Pick<ClusterParts, 'dataDir'> & Pick<Submission, 'datasets'>,
): Submission => ({
  ...{ version: 1, id, study: name, scheduler, createdAt: new Date().toISOString() },
  ...{ engine, engines: engine === 'native' ? resolve(enginesFolder(dataDir)) : null },
  ...{ cpus: resources.cpus, runsPerTask, datasets },
  runs: runs.map((run) => ({
    ...{ id: createId(), name: run.name, experiment: name, config: run.config, seed: run.seed },
  })),
});

const nothingMissing = (name: string): AfterimageError =>
  new AfterimageError(
    'CONFLICT',
    `Study ${name} has no run that is neither here nor on a cluster.`,
    '“study status” says where they are; “study retry” has failed ones tried again.',
  );

/**
 * Hands the runs that a study still asks for to a scheduler and stores that. CONFLICT where it asks for
 * none; the scheduler's errors; where it refuses, nothing is stored.
 */
export async function submitStudy(
  record: StudyRecord,
  options: SubmitOptions,
  parts: ClusterParts,
): Promise<StoredSubmission> {
  const { history } = parts;
  const { study } = record;
  history.requireWritable();
  checkProgram();
  const { missing, replaced } = listMissing(record, history);
  if (missing.length === 0) throw nothingMissing(study.name);
  const shared = makeShared(options.shared);
  const datasets = await shareDatasets(
    missing.map(({ config }) => config.data.dataset),
    parts,
    shared,
  );
  const id = createId();
  const folder = new SubmissionFolder(join(shared, `${slug(study.name)}-${id}`));
  const submission = toSubmitted({ id, name: study.name }, missing, options, {
    ...{ dataDir: parts.dataDir, datasets },
  });
  makeFolder(folder.logs, privateFolderMode);
  await saveFile(folder.submissionPath, JSON.stringify(submission));
  const { resources, setup } = options;
  const tasks = divideRuns(submission);
  const request = requestOf({ id, folder: folder.path, resources, setup }, [...tasks.keys()]);
  const jobs = await schedulers[options.on].submit(request);
  const keys = new Map(submission.runs.map(({ id: runId }, i) => [runId, missing[i]?.key ?? '']));
  const stored: StoredSubmission = {
    ...{ id, studyId: record.id, scheduler: options.on, folder: folder.path },
    ...{ createdAt: submission.createdAt, resources, setup },
    jobs,
    runs: tasks.flatMap((runs, task) =>
      runs.map(({ id: runId, name, seed }) => ({
        ...{ runId, task, name, seed, key: keys.get(runId) ?? '' },
        ...{ collectedAt: null, isCancelled: false },
      })),
    ),
  };
  history.transaction(() => {
    history.submissions.forget(replaced);
    history.submissions.insert(stored);
  });
  return stored;
}
