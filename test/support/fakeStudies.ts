import { presets } from '../../src/core/config/presets.ts';
import type { WorkbenchApi } from '../../src/main/router.ts';
import { AfterimageError } from '../../src/core/errors.ts';
import type { Run } from '../../src/core/records.ts';
import { keyOfRun, plannedRuns } from '../../src/core/studies/plan.ts';
import {
  describeStudy,
  summarizeStudy,
  type StudyRecord,
  type StudyRun,
} from '../../src/core/studies/progress.ts';
import { longName } from './fakeRuns.ts';
import { studyOfRuns } from '../../src/core/studies/studyOfRuns.ts';
import type { Study } from '../../src/core/studies/study.ts';
import type { WorkbenchEvent } from '../../src/shared/events.ts';
import { canRetry, canTakeBack, type RemoteRun } from '../../src/shared/remoteRuns.ts';

/** With names and texts as long as they may be, and more seeds than a page is wide. */
const wideStudy: Study = {
  name: `${longName} ${longName}`.slice(0, 200),
  question: `As said at https://example.org/${'a-long-path/'.repeat(12)}, \`${'x'.repeat(90)}\`?`,
  bases: [{ name: longName, config: presets['mnist-r'] }],
  factors: [{ settings: ['objective.contrastive.weight'], rows: [[0.1], [1], [10]] }],
  seeds: Array.from({ length: 24 }, (_, i) => i),
};

interface Parts {
  /** Whether some are as if on a cluster. */
  remote: boolean;
  runs: ReadonlyMap<string, Run>;
  publish: (event: WorkbenchEvent) => void;
  api: () => WorkbenchApi['runs'];
}

interface Fake {
  record: StudyRecord;
  /** Key by run id. */
  keys: Map<string, string>;
}

const time = '2026-03-02T10:00:00.000Z';

/** What all runs of MNIST are part of: each configuration with six seeds, some of which nobody has trained. */
function frontierOf(runs: readonly Run[]): { study: Study; of: Run[] } {
  const of = runs.filter(
    ({ config, status }) => config.data.dataset === 'mnist' && status !== 'failed',
  );
  const question =
    'How much may the term weigh before it costs **accuracy**?\n\n- C is the control\n- R at three weights';
  const asked = studyOfRuns('The frontier of accuracy and fidelity', question, of);
  const bases = asked.bases.map(({ name, config }) => ({ name, config }));
  return { study: { ...asked, bases, seeds: [1, 2, 3, 4, 5, 6] }, of };
}

const fakeRemoteStates = ['running', 'saved', 'waiting', 'failed', 'finished'] as const;

/** What a study still asks for, as if it were on a cluster: one run in each state. */
function fakeRemote({ id, study }: StudyRecord): RemoteRun[] {
  const planned = plannedRuns(study).slice(-fakeRemoteStates.length);
  return planned.map(({ name, seed }, i): RemoteRun => {
    const state = fakeRemoteStates[i] ?? 'waiting';
    const hasBegun = state !== 'waiting';
    return {
      ...{ runId: `remote-${i}`, studyId: id, study: study.name, name, seed, state },
      isTakenBack: false,
      ...{
        task: `4711_${i}`,
        node: hasBegun ? `gpu-0${i}` : '',
        at: hasBegun ? time : null,
        log: [],
      },
      reason:
        state === 'failed'
          ? 'It ran out of memory: give it more with --mem.'
          : state === 'waiting'
            ? 'Priority'
            : '',
      progress: hasBegun
        ? {
            ...{ phase: 'training', epoch: 12, epochs: 30, step: 400, steps: 844 },
            ...{ loss: 0.1, terms: {}, accuracy: 0.97, imagesPerSecond: 2510 },
          }
        : null,
      remainingMs: state === 'running' ? 372_000 : null,
    };
  });
}

/** Studies of made-up runs: one of each experiment with several of them. */
export function createFakeStudies({ remote, runs, publish, api }: Parts): WorkbenchApi['studies'] {
  const studies = new Map<string, Fake>();
  const checkName = (name: string): void => {
    if (![...studies.values()].some(({ record }) => record.study.name === name)) return;
    throw new AfterimageError(
      'CONFLICT',
      `There is a study ${name} already.`,
      'Choose another name, or go on with that one.',
    );
  };
  const insert = (study: Study, of: readonly Run[]): Fake => {
    checkName(study.name);
    const id = `study-${studies.size + 1}`;
    const record = { id, study, createdAt: time, changedAt: time };
    const keys = new Map(of.map((run) => [run.id, keyOfRun(run.config, run.seed)]));
    const fake = { record, keys };
    studies.set(id, fake);
    return fake;
  };
  const { study, of: ofAll } = frontierOf([...runs.values()]);
  if (ofAll.length > 1) {
    insert(study, ofAll);
    insert(wideStudy, []);
  }
  for (const [name, of] of Map.groupBy(runs.values(), ({ experiment }) => experiment)) {
    const question = 'Does the term make the network **surer** of what it knows?';
    if (of.length > 1) insert(studyOfRuns(name, question, of), of);
  }
  const [first] = studies.values();
  let abroad = remote && first !== undefined ? fakeRemote(first.record) : [];
  /** Has the chosen ones of a study be otherwise. */
  const changeRemote = (
    studyId: string,
    isChosen: (run: RemoteRun) => boolean,
    changes: Partial<RemoteRun>,
  ): string[] => {
    const chosen = abroad.filter((run) => run.studyId === studyId && isChosen(run));
    abroad = abroad.map((run) => (chosen.includes(run) ? { ...run, ...changes } : run));
    publish({ type: 'remote' });
    publish({ type: 'studies' });
    return chosen.map(({ runId }) => runId);
  };
  const find = (id: string): Fake => {
    const found = studies.get(id);
    if (found) return found;
    throw new AfterimageError('NOT_FOUND', `There is no study ${id}.`, 'List the studies again.');
  };
  const runsOf = ({ keys }: Fake): StudyRun[] =>
    [...keys].flatMap(([runId, key]) => {
      const run = runs.get(runId);
      return run?.deletedAt === null ? [{ runId, key, status: run.status }] : [];
    });
  const describe = (fake: Fake) => describeStudy(fake.record, runsOf(fake));
  const answer = (fake: Fake) => {
    publish({ type: 'studies' });
    return Promise.resolve(describe(fake));
  };
  return {
    list: () =>
      Promise.resolve(
        [...studies.values()].toReversed().map((fake) => summarizeStudy(fake.record, runsOf(fake))),
      ),
    remote: () => Promise.resolve(abroad),
    cancelRemote: async ({ studyId }) =>
      Promise.resolve({
        runIds: changeRemote(studyId, canTakeBack, {
          ...{
            state: 'cancelled',
            reason: '',
            isTakenBack: true,
            progress: null,
            remainingMs: null,
          },
        }),
      }),
    retryRemote: async ({ studyId }) =>
      Promise.resolve({
        runIds: changeRemote(studyId, canRetry, {
          ...{ state: 'waiting', reason: '', isTakenBack: false },
        }),
        held: [],
      }),
    get: async ({ studyId }) => Promise.resolve(describe(find(studyId))),
    create: async ({ study }) => answer(insert(study, [])),
    adopt: async ({ name, question, runIds }) => {
      const of = runIds.flatMap((id) => runs.get(id) ?? []);
      return answer(insert(studyOfRuns(name, question, of), of));
    },
    change: async ({ studyId, name, question }) => {
      const fake = find(studyId);
      const { study } = fake.record;
      if (name !== undefined && name !== study.name) checkName(name);
      fake.record = {
        ...fake.record,
        study: { ...study, name: name ?? study.name, question: question ?? study.question },
      };
      return answer(fake);
    },
    start: async ({ studyId, states, engine }) => {
      const fake = find(studyId);
      const { cells } = describe(fake);
      const wanted = states.includes('planned')
        ? plannedRuns(fake.record.study).filter((_, i) => cells[i]?.run === null)
        : [];
      const experiment = fake.record.study.name;
      const made = await api().create(
        {
          runs: wanted.map(({ name, config, seed }) => ({ name, config, seed, experiment })),
          engine,
        },
        {},
      );
      for (const [i, { key }] of wanted.entries()) fake.keys.set(made[i]?.id ?? '', key);
      publish({ type: 'studies' });
      const resumed = cells.flatMap(({ state, run }) =>
        run !== null && states.some((one) => one === state) ? run.id : [],
      );
      for (const runId of resumed) await api().resume({ runId }, {});
      return { runIds: [...made.map(({ id }) => id), ...resumed] };
    },
    estimate: ({ studyId }) => {
      const left = describe(find(studyId)).cells.filter(({ state }) => state !== 'done').length;
      return Promise.resolve(left === 0 ? null : { durationMs: left * 62_000, basis: 'Made up.' });
    },
    delete: async ({ studyId, runs: isWithRuns }) => {
      const fake = find(studyId);
      if (isWithRuns) await api().delete({ runIds: [...fake.keys.keys()] }, {});
      studies.delete(studyId);
      publish({ type: 'studies' });
    },
  };
}
