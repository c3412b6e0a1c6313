import type { RunConfig } from '../../core/config/runConfig.ts';
import { keyOfRun, plannedRuns, trainingOrder, type PlannedRun } from '../../core/studies/plan.ts';
import { AfterimageError } from '../../core/errors.ts';
import { describeStudy, type StudyCell, type StudyDetail } from '../../core/studies/progress.ts';
import { summarizeStudy } from '../../core/studies/progress.ts';
import type { PlannedState } from '../../core/studies/states.ts';
import { studyOfRuns } from '../../core/studies/studyOfRuns.ts';
import type { Study } from '../../core/studies/study.ts';
import type { RemoteRun } from '../../shared/remoteRuns.ts';
import { cancelStudy, retryStudy } from '../cluster/control.ts';
import type { WorkbenchApi } from '../router.ts';
import type { RemoteFollower } from './remoteFollower.ts';
import { beginRuns, storeRuns, type RunRequest, type RunsApiParts } from './runsApi.ts';

type Parts = Pick<RunsApiParts, 'history' | 'training' | 'publish' | 'check'> & {
  runs: Pick<WorkbenchApi['runs'], 'estimate' | 'resume' | 'delete'>;
  checkResumed: RunsApiParts['checkResumed'];
  remote: Pick<RemoteFollower, 'list' | 'lookAnew'>;
};

const describe = ({ history: { studies } }: Parts, id: string): StudyDetail =>
  describeStudy(studies.get(id), studies.listRuns(id));

/** Ids of the runs that stand for planned runs in one of these states, in the order of training. */
const runsIn = ({ study, cells }: StudyDetail, states: readonly PlannedState[]): string[] =>
  trainingOrder(study, cells).flatMap(({ state, run }) =>
    run !== null && states.includes(state) ? run.id : [],
  );

/** Planned runs that are neither here nor on a cluster, in the order of training. */
function missingOf(parts: Parts, id: string): PlannedRun[] {
  const { study, cells } = describe(parts, id);
  const abroad = parts.history.submissions.listKeysAbroad(id);
  const isMissing = ({ run, key }: StudyCell): boolean => run === null && !abroad.has(key);
  const missing = new Set(cells.filter(isMissing).map(({ key }) => key));
  return trainingOrder(study, plannedRuns(study)).filter(({ key }) => missing.has(key));
}

/** Stores a run for each planned one that has none, which another process may have done meanwhile. */
function storeMissing(
  parts: Parts,
  { studyId, experiment }: { studyId: string; experiment: string },
  request: RunRequest,
): string[] {
  const { history } = parts;
  return history.transaction(() => {
    const missing = missingOf(parts, studyId);
    const wanted = missing.map(({ name, config, seed }) => ({ name, experiment, config, seed }));
    const ids = storeRuns(parts, wanted, request);
    history.studies.addRuns(
      studyId,
      missing.map(({ key }, i) => ({ key, runId: ids[i] ?? '' })),
    );
    return ids;
  });
}

/** A run's configuration with the epochs that it has left, for an estimate. */
function remainderOf(parts: Parts, { config }: PlannedRun, runId: string | null): RunConfig {
  const last = runId === null ? null : parts.history.runs.getSummary(runId).last;
  const left = Math.max(1, config.training.epochs - (last?.epoch ?? 0));
  return { ...config, training: { ...config.training, epochs: left } };
}

/** What of a study is still to be trained here. */
function listRemainders(parts: Parts, studyId: string): RunConfig[] {
  const { study, cells } = describe(parts, studyId);
  const planned = plannedRuns(study);
  const abroad = parts.history.submissions.listKeysAbroad(studyId);
  return cells.flatMap(({ state, run }, i) => {
    const plan = planned[i];
    const isAbroad = run === null && plan !== undefined && abroad.has(plan.key);
    const isLeft = state !== 'done' && state !== 'failed' && plan !== undefined && !isAbroad;
    return isLeft ? [remainderOf(parts, plan, run?.id ?? null)] : [];
  });
}

/** What begins a study's runs and lets them go on. */
function buildStart(parts: Parts, announce: () => void): WorkbenchApi['studies']['start'] {
  const { history, runs } = parts;
  return async ({ studyId, states, experiment, ...request }) => {
    const detail = describe(parts, studyId);
    const { owners } = history;
    const resumed = runsIn(
      detail,
      states.filter((state) => state !== 'planned'),
    ).filter((runId) => !owners.isOwnedElsewhere(runId));
    const isMade = states.includes('planned');
    if (isMade) await parts.check(missingOf(parts, studyId), request.engine);
    // All of them can go on, or none does.
    for (const runId of resumed) {
      parts.training.checkResumable(runId);
      await parts.checkResumed(runId);
    }
    const name = experiment ?? history.studies.get(studyId).study.name;
    const created = isMade ? storeMissing(parts, { studyId, experiment: name }, request) : [];
    if (created.length > 0) announce();
    beginRuns(parts, created);
    for (const runId of resumed) await runs.resume({ runId, inTurn: true }, {});
    return { runIds: [...created, ...resumed] };
  };
}

/** CONFLICT where runs of a study are on a cluster: nobody could bring them home any more. */
function checkNoneAbroad(count: number, name: string): void {
  if (count === 0) return;
  throw new AfterimageError(
    'CONFLICT',
    `${count} ${count === 1 ? 'run' : 'runs'} of study ${name} ${count === 1 ? 'is' : 'are'} on a cluster.`,
    'Bring them home with “study collect”, or take them back with “study cancel”; then delete it.',
  );
}

const idsOf = (runs: readonly RemoteRun[]): string[] => runs.map(({ runId }) => runId);

/** What ends and begins again on clusters. */
function buildRemote(
  { history, remote }: Parts,
  announce: () => void,
): Pick<WorkbenchApi['studies'], 'cancelRemote' | 'retryRemote'> {
  /** What was done is seen at once, even where it failed half way. */
  const showing = async <T>(doing: Promise<T>): Promise<T> => {
    try {
      return await doing;
    } finally {
      await remote.lookAnew();
      announce();
    }
  };
  return {
    cancelRemote: async ({ studyId }) => ({
      runIds: idsOf(await showing(cancelStudy(history.studies.get(studyId), history))),
    }),
    retryRemote: async ({ studyId, changes }) => {
      const { runs, held } = await showing(
        retryStudy(history.studies.get(studyId), changes, history),
      );
      return { runIds: idsOf(runs), held: idsOf(held) };
    },
  };
}

export function buildStudiesApi(parts: Parts): WorkbenchApi['studies'] {
  const { history, publish, runs } = parts;
  const { studies } = history;
  const announce = (): void => {
    publish({ type: 'studies' });
  };
  const answer = (id: string): Promise<StudyDetail> => {
    announce();
    return Promise.resolve(describe(parts, id));
  };
  const insert = (study: Study): string => studies.insert(study).id;
  return {
    list: () =>
      Promise.resolve(
        studies.listWithRuns().map(({ record, runs: of }) => summarizeStudy(record, of)),
      ),
    remote: () => parts.remote.list(),
    ...buildRemote(parts, announce),
    get: ({ studyId }) => Promise.resolve(describe(parts, studyId)),
    create: ({ study, isRenamed }) =>
      answer(insert(isRenamed ? { ...study, name: studies.freeName(study.name) } : study)),
    adopt: ({ name, question, runIds }) => {
      const adopted = runIds.map((runId) => history.runs.getSummary(runId));
      const id = history.transaction(() => {
        const made = insert(studyOfRuns(name, question, adopted));
        studies.addRuns(
          made,
          adopted.map((run) => ({ runId: run.id, key: keyOfRun(run.config, run.seed) })),
        );
        return made;
      });
      return answer(id);
    },
    change: ({ studyId, ...changes }) => answer(studies.change(studyId, changes).id),
    start: buildStart(parts, announce),
    estimate: async ({ studyId, engine }) => {
      const configs = listRemainders(parts, studyId);
      return configs.length === 0 ? null : runs.estimate({ configs, engine }, {});
    },
    delete: async ({ studyId, runs: isWithRuns }) => {
      const { id, study } = studies.get(studyId);
      checkNoneAbroad(history.submissions.listKeysAbroad(id).size, study.name);
      const runIds = studies.listRuns(id).map(({ runId }) => runId);
      if (isWithRuns && runIds.length > 0) await runs.delete({ runIds }, {});
      studies.remove(studyId);
      announce();
    },
  };
}
