import { computed, shallowRef, watch } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Router } from 'vue-router';
import type { RunSummary } from '../../../core/records.ts';
import { useRunActions } from '../../composables/useRunActions.ts';
import type { RunActions } from '../../composables/useRunActions.ts';
import { describeShortcut } from '../../composables/useShortcut.ts';
import { useTheme } from '../../composables/useTheme.ts';
import { runAgain } from '../../composables/runAgain.ts';
import { places } from '../../router.ts';
import { useExamplesStore } from '../../stores/examples.ts';
import { usePaletteStore } from '../../stores/palette.ts';
import { isResumable } from '../../stores/runEvents.ts';
import { useRunsStore } from '../../stores/runs.ts';
import type { IconName } from '../common/icons.ts';
import { describeRun, findItems, parseExampleId } from './paletteItems.ts';
import type { PaletteItem } from './paletteItems.ts';
import { shortcutGroups } from './shortcuts.ts';

const buildItem = (
  group: PaletteItem['group'],
  label: string,
  icon: IconName,
  run: () => unknown,
): PaletteItem => ({ key: `${group}:${label}`, group, label, detail: '', icon, run });

function buildGeneralItems(router: Router): PaletteItem[] {
  const { setTheme } = useTheme();
  const go = (label: string, icon: IconName, to: Parameters<Router['push']>[0]): PaletteItem =>
    buildItem('Go to', label, icon, () => router.push(to));
  const wear = (label: string, icon: IconName, theme: Parameters<typeof setTheme>[0]) =>
    buildItem('Actions', label, icon, () => {
      setTheme(theme);
    });
  return [
    wear('Use the light theme', 'sun', 'light'),
    wear('Use the dark theme', 'moon', 'dark'),
    wear('Use the system’s theme', 'display', 'system'),
    buildItem('Actions', 'Keyboard shortcuts', 'info', () => {
      usePaletteStore().showsShortcuts = true;
    }),
    go('New run', 'add', places.newRun()),
    go('Runs', 'runs', places.runs()),
    go('Bin', 'trash', places.runs({ bin: '1' })),
    go('Studies', 'study', places.studies()),
    go('Compare', 'compare', places.compare([])),
    go('Audit', 'shield', places.audit([])),
    go('Figures', 'figure', places.figures()),
    go('Data', 'data', places.data()),
    go('Settings', 'settings', places.settings()),
  ];
}

function buildCurrentRunItems(run: RunSummary, router: Router, actions: RunActions): PaletteItem[] {
  const item = (label: string, icon: IconName, then: () => unknown): PaletteItem =>
    buildItem('This run', label, icon, then);
  const isRunning = run.status === 'running';
  return [
    ...(isRunning ? [item('Pause', 'pause', () => actions.pause(run.id))] : []),
    ...(isRunning ? [item('Stop', 'stop', () => actions.stop(run.id))] : []),
    ...(isResumable(run) ? [item('Resume', 'play', () => actions.resume(run.id))] : []),
    item('Run again with changes', 'copy', () => router.push(runAgain(run))),
    item('Browse its examples', 'image', () =>
      router.push(places.run(run.id, { tab: 'examples' })),
    ),
    item('Rename', 'edit', () => {
      actions.rename(run.id);
    }),
    item('Tags', 'tag', () => {
      actions.tag([run.id]);
    }),
    item('Copy link', 'copy', () => actions.copyLink(run.id)),
    item('Export', 'download', () => actions.exportRuns([run.id])),
    item('Move to the bin', 'trash', () => actions.moveToBin([run.id])),
  ];
}

const buildRunItem = (run: RunSummary, router: Router): PaletteItem => ({
  ...buildItem('Runs', run.name, 'runs', () => router.push(places.run(run.id))),
  key: `run:${run.id}`,
  detail: describeRun(run),
});

const buildExampleItem = (exampleId: number, run: RunSummary, router: Router): PaletteItem => ({
  ...buildItem('Example', `Example ${exampleId}`, 'image', () =>
    router.push(places.example(run.id, exampleId)),
  ),
  key: `example:${run.id}`,
  detail: run.name,
});

/** An example's number is looked up in the run at hand, else in this many of the newest. */
const newestRuns = 3;
/** A pause in typing, before runs are asked for a number. */
const settleMs = 120;

/** The image that a query names, in the runs that have evaluated it; a number without one is none. */
function useExampleItems(
  query: () => string,
  currentRun: Readonly<Ref<RunSummary | undefined>>,
  router: Router,
): Readonly<Ref<readonly PaletteItem[]>> {
  const store = useRunsStore();
  const examples = useExamplesStore();
  const items = shallowRef<readonly PaletteItem[]>([]);
  const evaluated = (): RunSummary[] => {
    const runs = currentRun.value === undefined ? store.runs : [currentRun.value];
    return runs.filter(({ last }) => last !== null).slice(0, newestRuns);
  };
  watch(
    () => parseExampleId(query()),
    (exampleId, _before, onCleanup) => {
      items.value = [];
      if (exampleId === null) return;
      const leaving = new AbortController();
      const look = async (): Promise<void> => {
        const runs = evaluated();
        // What is found is what will be opened next: its history is kept.
        const answers = await Promise.allSettled(
          runs.map(({ id }) => examples.loadHistory(id, exampleId, leaving.signal)),
        );
        if (leaving.signal.aborted) return;
        items.value = runs
          .filter((_run, i) => answers[i]?.status === 'fulfilled')
          .map((run) => buildExampleItem(exampleId, run, router));
      };
      const timer = setTimeout(() => void look(), settleMs);
      onCleanup(() => {
        clearTimeout(timer);
        leaving.abort();
      });
    },
    { immediate: true },
  );
  return items;
}

/** Each shortcut by what it does; the list of all of them is what choosing one shows. */
function buildShortcutItems(): PaletteItem[] {
  const palette = usePaletteStore();
  const show = (): void => {
    palette.showsShortcuts = true;
  };
  return shortcutGroups.flatMap(({ place, shortcuts }) =>
    shortcuts.map(({ keys, does }) => ({
      ...buildItem('Shortcuts', does, 'info', show),
      key: `shortcut:${place}:${does}`,
      detail: `${place} · ${keys.map(describeShortcut).join(' ')}`,
    })),
  );
}

/** What the palette offers for a query, given where the reader is. */
export function usePaletteItems(query: () => string): ComputedRef<PaletteItem[]> {
  const route = useRoute();
  const router = useRouter();
  const store = useRunsStore();
  const actions = useRunActions();
  const generalItems = buildGeneralItems(router);

  const currentRun = computed(() => {
    const { runId } = route.params;
    return typeof runId === 'string' ? store.summaryOf(runId) : undefined;
  });
  const exampleItems = useExampleItems(query, currentRun, router);
  const shortcutItems = buildShortcutItems();

  return computed(() => {
    const run = currentRun.value;
    const ofRun = run === undefined ? [] : buildCurrentRunItems(run, router, actions);
    const runItems = store.runs.map((each) => buildRunItem(each, router));
    const shortcuts = query().trim() === '' ? [] : shortcutItems;
    const found = findItems(query(), [...ofRun, ...runItems, ...generalItems, ...shortcuts]);
    return [...exampleItems.value, ...found];
  });
}
