import {
  canTakeBack,
  isLive,
  type RemoteRun,
  type ResourceChanges,
} from '../../../shared/remoteRuns.ts';
import { formatCount } from '../../composables/format.ts';
import { useConfirmStore } from '../../stores/confirm.ts';
import { useRemoteStore } from '../../stores/remote.ts';
import { useToastsStore } from '../../stores/toasts.ts';

interface Named {
  id: string;
  name: string;
}

/** What can be done with the runs of a study on clusters; each says what came of it. */
export function useRemoteActions() {
  const store = useRemoteStore();
  const toasts = useToastsStore();
  const confirm = useConfirmStore();

  /** Asked about where it ends what trains. */
  async function takeBack({ id, name }: Named, runs: readonly RemoteRun[]): Promise<void> {
    const ended = runs.filter(canTakeBack);
    const goAhead =
      !ended.some(isLive) ||
      (await confirm.ask({
        title: `Take ${formatCount(ended.length, 'run')} of “${name}” back from the cluster?`,
        text: 'What waits or trains there ends; what it has saved stays. The runs can be trained here then, or handed to the cluster again.',
        action: 'Take back',
      }));
    if (!goAhead) return;
    const done = await toasts.attempt(() => store.takeBack(id));
    if (done === undefined) return;
    const count = formatCount(done.runIds.length, 'run');
    toasts.show({ message: `Took ${count} back from the cluster`, kind: 'success' });
  }

  /** `changes` are what the runs ask for from now on, where not as before. */
  async function retry({ id }: Named, changes: ResourceChanges = {}): Promise<void> {
    const done = await toasts.attempt(() => store.retry(id, changes));
    if (done === undefined) return;
    const { runIds, held } = done;
    toasts.show({
      message:
        runIds.length === 0
          ? 'Nothing was handed over'
          : `Handed ${formatCount(runIds.length, 'run')} to the cluster again`,
      detail:
        held.length === 0
          ? ''
          : `${formatCount(held.length, 'failed run')} ${held.length === 1 ? 'waits' : 'wait'} until the others of the same task are done.`,
      kind: runIds.length === 0 ? 'info' : 'success',
    });
  }

  return { takeBack, retry };
}
