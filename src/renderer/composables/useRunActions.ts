import { describeResumption } from '../../core/numericsVersion.ts';
import { useRouter } from 'vue-router';
import { layoutOwners } from '../../core/formats/foreignWeights.ts';
import type { RunSummary } from '../../core/records.ts';
import { formatOf, nameExport } from '../../shared/exportCalls.ts';
import { places } from '../router.ts';
import { useBundlesStore, type ImportCounts } from '../stores/bundles.ts';
import { useConfirmStore } from '../stores/confirm.ts';
import type { RunsExport, WeightsChoices } from '../stores/bundlePieces.ts';
import { useRunPromptsStore } from '../stores/runPrompts.ts';
import { useRunsStore } from '../stores/runs.ts';
import { undoMs, useToastsStore } from '../stores/toasts.ts';
import { formatCount } from './format.ts';
import { saveFile } from './saveFile.ts';

/** “NAME” of one run, "3 runs" of several, for messages. */
export function nameRuns(runIds: readonly string[]): string {
  const [only] = runIds;
  const name = only === undefined ? undefined : useRunsStore().summaryOf(only)?.name;
  return runIds.length === 1 && name !== undefined
    ? `“${name}”`
    : formatCount(runIds.length, 'run');
}

/** To the bin and out of it, or gone for good. */
function useBinActions() {
  const runs = useRunsStore();
  const toasts = useToastsStore();
  const confirm = useConfirmStore();

  async function moveToBin(runIds: string[]): Promise<void> {
    const names = nameRuns(runIds);
    if ((await toasts.attempt(() => runs.moveToBin(runIds))) === undefined) return;
    toasts.show({
      message: `Moved ${names} to the bin`,
      durationMs: undoMs,
      action: {
        label: 'Undo',
        run: () => toasts.attempt(() => runs.restore(runIds)),
        undoes: true,
      },
    });
  }

  async function restore(runIds: string[]): Promise<void> {
    if ((await toasts.attempt(() => runs.restore(runIds))) === undefined) return;
    toasts.show({ message: `Restored ${nameRuns(runIds)}`, kind: 'success' });
  }

  /** Removes runs of the bin for good, after a question: this has no undo. */
  async function purge(runIds: string[]): Promise<void> {
    const names = nameRuns(runIds);
    const goAhead = await confirm.ask({
      title: `Delete ${names} for good?`,
      text: 'Every epoch, map, note and weight goes from the history. This cannot be undone.',
      action: 'Delete for good',
    });
    if (!goAhead) return;
    const done = await toasts.attempt(() => runs.purge(runIds).then(() => true));
    if (done === true) toasts.show({ message: `Deleted ${names} for good` });
  }

  return { moveToBin, restore, purge };
}

/** What there is to know of an import besides the runs that are new. */
function describeRest({ skipped, inBin, absent }: ImportCounts): string {
  const bin = inBin === 0 ? '' : `, ${inBin} of them in the bin, from where they can be restored`;
  return [
    ...(skipped === 0 ? [] : [`${formatCount(skipped, 'run')} already here${bin}`]),
    ...(absent.length === 0
      ? []
      : [`the images of ${[...new Set(absent)].join(', ')} are not here: import them under Data`]),
  ].join('; ');
}

/** Files of weights; all others are taken for bundles. */
const weightsEnding = /\.safetensors$/i;

/** Runs as files. */
function useBundleActions() {
  const bundles = useBundlesStore();
  const toasts = useToastsStore();
  const prompts = useRunPromptsStore();
  const router = useRouter();

  /** Asks as what they shall leave. */
  function exportRuns(runIds: readonly string[]): void {
    prompts.exported = runIds;
  }

  async function saveRuns(wanted: RunsExport): Promise<void> {
    const { runIds, format } = wanted;
    const file = await bundles.exportRuns(wanted, `Export ${nameRuns(runIds)}`);
    if (file === undefined) return;
    saveFile(file, `${nameExport(runIds)}.${formatOf(format).extension ?? 'zip'}`);
  }

  /** One after the other; what one of them fails for does not keep the others out. */
  async function importFiles(files: readonly File[]): Promise<void> {
    const weights = files.filter(({ name }) => weightsEnding.test(name));
    prompts.weights = [...prompts.weights, ...weights];
    if (files.length === weights.length) return;
    const counts = await bundles.importFiles(files.filter((file) => !weights.includes(file)));
    if (counts.read === 0) return;
    toasts.show({
      message: `Imported ${formatCount(counts.imported, 'run')}`,
      detail: describeRest(counts),
      kind: 'success',
    });
  }

  /** Opens the run that the weights became, once it is there. */
  async function importWeights(file: File, choices: WeightsChoices): Promise<void> {
    const imported = await bundles.importWeights(file, choices);
    if (imported === undefined) return;
    toasts.show({
      message: `Imported ${file.name}`,
      detail: `Kernels in ${layoutOwners[imported.layout]} layout, batch norms with epsilon ${imported.epsilon}.`,
      kind: 'success',
    });
    await router.push(places.run(imported.runId));
  }

  return { exportRuns, saveRuns, importFiles, importWeights };
}

/** What can be done to runs from anywhere, with its undo and its failures as toasts. */
export function useRunActions() {
  const runs = useRunsStore();
  const toasts = useToastsStore();
  const confirm = useConfirmStore();

  const attempt =
    (action: (runId: string) => Promise<RunSummary>) =>
    (runId: string): Promise<RunSummary | undefined> =>
      toasts.attempt(() => action(runId));

  /** Says what changes for a run that earlier code began. */
  async function resume(runId: string): Promise<RunSummary | undefined> {
    const summary = runs.summaryOf(runId);
    const change = summary === undefined ? null : describeResumption(summary);
    const resumed = await toasts.attempt(() => runs.resume(runId));
    if (resumed !== undefined && change !== null) {
      toasts.show({ message: `${nameRuns([runId])} goes on`, detail: change });
    }
    return resumed;
  }

  /** Ends a run, after a question: a stopped run cannot be resumed. */
  async function stop(runId: string): Promise<void> {
    const goAhead = await confirm.ask({
      title: `Stop ${nameRuns([runId])}?`,
      text: 'It keeps the epochs it has and cannot be resumed. Pause it to go on later.',
      action: 'Stop the run',
    });
    if (goAhead) await toasts.attempt(() => runs.stop(runId));
  }

  const prompts = useRunPromptsStore();
  const router = useRouter();

  /** The page of a run as an address; who opens it needs the workbench's key as for any other. */
  async function copyLink(runId: string): Promise<void> {
    const link = new URL(router.resolve(places.run(runId)).href, window.location.href).href;
    const done = await toasts.attempt(() => navigator.clipboard.writeText(link).then(() => true));
    if (done === true) toasts.show({ message: `Copied the link to ${nameRuns([runId])}` });
  }

  return {
    rename: (runId: string): void => {
      prompts.renamed = runId;
    },
    tag: (runIds: readonly string[]): void => {
      prompts.tagged = runIds;
    },
    copyLink,
    ...useBinActions(),
    ...useBundleActions(),
    pause: attempt(runs.pause),
    resume,
    stop,
  };
}

export type RunActions = ReturnType<typeof useRunActions>;
