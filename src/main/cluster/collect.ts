import { AfterimageError } from '../../core/errors.ts';
import type { StudyRecord } from '../../core/studies/progress.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import type { History } from '../store/history.ts';
import type { StoredRemoteRun, StoredSubmission } from '../store/submissions.ts';
import { SubmissionFolder } from './submission.ts';

export interface Collected {
  /** Ids of the runs that came home now. */
  imported: string[];
  /** Of runs that had come home, were deleted here, and stay away. */
  deleted: string[];
  /** What could not be imported, and why. */
  failed: { runId: string; name: string; error: AfterimageError }[];
}

type Outcome = 'imported' | 'here' | 'deleted' | 'absent';

interface Parts {
  history: History;
  library: DatasetLibrary;
}

/** Brings a run home that has ended well, unless it is or was here. */
async function collectRun(
  { runId, key, collectedAt }: StoredRemoteRun,
  { folder, studyId }: StoredSubmission,
  { history, library }: Parts,
  again: boolean,
): Promise<Outcome> {
  const isBinned = history.runs.has(runId) && history.runs.getSummary(runId).deletedAt !== null;
  const isHere = history.runs.isListed(runId) && !isBinned;
  if (isBinned && again) history.runs.restore([runId]);
  if (isBinned) return again ? 'imported' : 'deleted';
  if (collectedAt !== null && isHere) return 'here';
  if (collectedAt !== null && !again) return 'deleted';
  const path = new SubmissionFolder(folder);
  if (!(await path.hasResult(runId))) return 'absent';
  const { imported } = await history.importBundle(path.resultPath(runId), { datasets: library });
  // Another process may be about to import it: it will say so itself.
  if (!history.runs.isListed(runId)) return 'absent';
  history.transaction(() => {
    history.submissions.markCollected(runId);
    if (history.studies.has(studyId)) history.studies.addRuns(studyId, [{ runId, key }]);
  });
  return imported.length > 0 ? 'imported' : 'here';
}

interface CollectOptions {
  /** Whether runs that were deleted here come home again. */
  again?: boolean;
  /** Told of each that came home. */
  onRun?: (runId: string) => void;
  /** Asked before each: whether that was the last. */
  isOver?: () => boolean;
}

/**
 * Imports the runs of submissions that have completed, each once, while others still run. What cannot be
 * imported is no reason not to import the others.
 */
export async function collectRuns(
  submissions: readonly StoredSubmission[],
  parts: Parts,
  { again = false, onRun, isOver = () => false }: CollectOptions = {},
): Promise<Collected> {
  parts.history.requireWritable();
  const collected: Collected = { imported: [], deleted: [], failed: [] };
  for (const submission of submissions) {
    for (const run of submission.runs) {
      if (isOver()) return collected;
      const { runId, name } = run;
      try {
        const outcome = await collectRun(run, submission, parts, again);
        if (outcome === 'deleted') collected.deleted.push(runId);
        if (outcome !== 'imported') continue;
        collected.imported.push(runId);
        onRun?.(runId);
      } catch (error) {
        if (!(error instanceof AfterimageError)) throw error;
        collected.failed.push({ runId, name, error });
      }
    }
  }
  return collected;
}

/** The same of a study; NOT_FOUND where nothing of it was handed to a cluster. */
export async function collectStudy(
  { id, study }: StudyRecord,
  parts: Parts,
  again: boolean,
): Promise<Collected> {
  const submissions = parts.history.submissions.list(id);
  if (submissions.length > 0) return collectRuns(submissions, parts, { again });
  throw new AfterimageError(
    'NOT_FOUND',
    `Nothing of study ${study.name} was handed to a cluster.`,
    '“study submit” does that.',
  );
}
