import { useRouter } from 'vue-router';
import type { StudyDetail } from '../../../core/studies/progress.ts';
import { formatCount } from '../../composables/format.ts';
import { saveFile } from '../../composables/saveFile.ts';
import { places } from '../../router.ts';
import { useBundlesStore } from '../../stores/bundles.ts';
import { useConfirmStore } from '../../stores/confirm.ts';
import { useStudiesStore } from '../../stores/studies.ts';
import { useToastsStore } from '../../stores/toasts.ts';

/** What can be done with a study as a whole; each says what came of it. */
export function useStudyActions() {
  const store = useStudiesStore();
  const toasts = useToastsStore();
  const confirm = useConfirmStore();
  const bundles = useBundlesStore();
  const router = useRouter();

  async function start(
    { id }: StudyDetail,
    states: Parameters<typeof store.start>[1],
  ): Promise<void> {
    const started = await toasts.attempt(() => store.start(id, states));
    if (started === undefined) return;
    const count = formatCount(started.runIds.length, 'run');
    toasts.show({ message: `Queued ${count}`, kind: 'success' });
  }

  /** Its report as a ZIP archive, under the study's name as far as files can have it. */
  async function report({ id, name }: StudyDetail): Promise<void> {
    const file = await bundles.exportReport(id, `Report of “${name}”`);
    if (file !== undefined) saveFile(file, `${name.replace(/[^\p{L}\p{N}._-]+/gu, '-')}.zip`);
  }

  /** Its plan and its question are in no bin: deleting it is asked about. */
  async function remove({ id, name }: StudyDetail, runIds: readonly string[]): Promise<void> {
    const goAhead = await confirm.ask({
      title: `Delete the study “${name}”?`,
      text:
        runIds.length === 0
          ? 'Its question and its plan are gone then.'
          : `Its question and its plan are gone then. Its ${formatCount(runIds.length, 'run')} stay.`,
      action: 'Delete the study',
    });
    if (!goAhead) return;
    const isDone = await toasts.attempt(() => store.remove(id, false).then(() => true as const));
    if (isDone !== true) return;
    toasts.show({ message: `Deleted the study “${name}”` });
    await router.push(places.studies());
  }

  /** The same with its runs, which can be taken out of the bin. */
  async function removeWithRuns(
    { id, name }: StudyDetail,
    runIds: readonly string[],
  ): Promise<void> {
    const goAhead = await confirm.ask({
      title: `Delete the study “${name}” and its runs?`,
      text: `Its question and its plan are gone then; its ${formatCount(runIds.length, 'run')} move to the bin.`,
      action: 'Delete both',
    });
    if (!goAhead) return;
    const isDone = await toasts.attempt(() => store.remove(id, true).then(() => true as const));
    if (isDone !== true) return;
    toasts.show({ message: `Moved ${formatCount(runIds.length, 'run')} to the bin` });
    await router.push(places.studies());
  }

  return { start, report, remove, removeWithRuns };
}
