import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Router } from 'vue-router';
import type { RunSummary } from '../../../core/records.ts';
import { useRunActions } from '../../composables/useRunActions.ts';
import type { RunActions } from '../../composables/useRunActions.ts';
import { useTheme } from '../../composables/useTheme.ts';
import { runAgain } from '../../composables/runAgain.ts';
import { places } from '../../router.ts';
import { isResumable } from '../../stores/runEvents.ts';
import { useRunsStore } from '../../stores/runs.ts';
import type { IconName } from '../common/icons.ts';
import { describeRun, findItems, parseExampleId } from './paletteItems.ts';
import type { PaletteItem } from './paletteItems.ts';

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
    go('New run', 'add', places.newRun()),
    go('Runs', 'runs', places.runs()),
    go('Bin', 'trash', places.runs({ bin: '1' })),
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
    item('Export as a bundle', 'download', () => actions.exportRuns([run.id])),
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
  const exampleItems = computed(() => {
    const exampleId = parseExampleId(query());
    if (exampleId === null) return [];
    const evaluated = store.runs.filter(({ last }) => last !== null);
    const runs =
      currentRun.value === undefined ? evaluated.slice(0, newestRuns) : [currentRun.value];
    return runs.map((run) => buildExampleItem(exampleId, run, router));
  });

  return computed(() => {
    const run = currentRun.value;
    const ofRun = run === undefined ? [] : buildCurrentRunItems(run, router, actions);
    const runItems = store.runs.map((each) => buildRunItem(each, router));
    return [...exampleItems.value, ...findItems(query(), [...ofRun, ...generalItems, ...runItems])];
  });
}
