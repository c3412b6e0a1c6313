import { expect, it } from 'vitest';
import { useRemoteActions } from '../../../../src/renderer/components/study/useRemoteActions.ts';
import { useConfirmStore } from '../../../../src/renderer/stores/confirm.ts';
import { useConnectionStore } from '../../../../src/renderer/stores/connection.ts';
import { useRemoteStore } from '../../../../src/renderer/stores/remote.ts';
import { useToastsStore } from '../../../../src/renderer/stores/toasts.ts';
import { AfterimageError } from '../../../../src/core/errors.ts';
import { createFakeWorkbench } from '../../../support/fakeWorkbench.ts';
import { connectDirectly, createRendererApp, settle } from '../../../support/rendererApp.ts';

const study = { id: 'study-1', name: 'far' };

async function start() {
  const { api } = createFakeWorkbench({ runs: 30, remote: true });
  const { run } = await createRendererApp(connectDirectly(api));
  const stores = run(() => {
    useConnectionStore().start();
    return {
      ...{ actions: useRemoteActions(), confirm: useConfirmStore() },
      ...{ remote: useRemoteStore(), toasts: useToastsStore() },
    };
  });
  await stores.remote.load();
  const counts = () => [stores.remote.live.length, stores.remote.runs.length];
  const said = () => stores.toasts.toasts.map(({ message }) => message);
  return { ...stores, api, counts, said };
}

it('asks before it ends what trains, and ends nothing where the answer is no', async () => {
  const { actions, confirm, remote, counts, said } = await start();
  expect(counts()).toEqual([3, 5]);
  const runs = remote.ofStudy(study.id);
  const refusing = actions.takeBack(study, runs);
  expect(confirm.question?.title).toBe('Take 4 runs of “far” back from the cluster?');
  confirm.answer(false);
  await refusing;
  expect([counts(), said()]).toEqual([[3, 5], []]);
  const going = actions.takeBack(study, runs);
  confirm.answer(true);
  await going;
  await settle();
  // The fifth had completed: it comes home.
  expect([counts(), said()]).toEqual([[0, 1], ['Took 4 runs back from the cluster']]);
  expect(remote.ofStudy(study.id)).toHaveLength(5);
});

it('asks nothing where nothing trains any more', async () => {
  const { actions, confirm, remote, said } = await start();
  const failed = remote.ofStudy(study.id).filter(({ state }) => state === 'failed');
  const taking = actions.takeBack(study, failed);
  expect(confirm.question).toBeNull();
  await taking;
  expect(said()).toHaveLength(1);
});

it('hands over what failed, tells what has to wait, and says what could not be', async () => {
  const { actions, api, counts, said, toasts } = await start();
  await actions.retry(study, { mem: '32G' });
  await settle();
  expect([counts(), said()]).toEqual([[4, 5], ['Handed 1 run to the cluster again']]);
  api.studies.retryRemote = () => Promise.resolve({ runIds: [], held: ['a', 'b'] });
  await actions.retry(study);
  expect(toasts.toasts.at(-1)).toMatchObject({
    message: 'Nothing was handed over',
    detail: '2 failed runs wait until the others of the same task are done.',
  });
  api.studies.retryRemote = () =>
    Promise.reject(new AfterimageError('NOT_FOUND', 'There is no Slurm here.', 'Go there.'));
  await actions.retry(study);
  expect(toasts.toasts.at(-1)).toMatchObject({ kind: 'error' });
  expect(said().at(-1)).toContain('There is no Slurm here.');
});
