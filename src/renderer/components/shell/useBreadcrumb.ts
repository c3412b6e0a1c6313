import { computed, watchEffect } from 'vue';
import type { ComputedRef } from 'vue';
import { useRoute } from 'vue-router';
import type { RouteLocationRaw } from 'vue-router';
import { lastRunsPath, places } from '../../router.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { useStudiesStore } from '../../stores/studies.ts';

export interface Crumb {
  label: string;
  /** Null for the place itself. */
  to: RouteLocationRaw | null;
}

const labels: Record<string, string> = {
  studies: 'Studies',
  compare: 'Compare',
  audit: 'Audit',
  figures: 'Figures',
  newRun: 'New run',
  data: 'Data',
  settings: 'Settings',
  notFound: 'Not found',
};

/** Where the reader is, outermost first; the window's title says the same. */
export function useBreadcrumb(): ComputedRef<Crumb[]> {
  const route = useRoute();
  const runs = useRunsStore();
  const studies = useStudiesStore();

  const crumbs = computed((): Crumb[] => {
    const toRuns = { label: 'Runs', to: lastRunsPath.value };
    const runId = String(route.params['runId']);
    const runName = runs.summaryOf(runId)?.name ?? runId;
    if (route.name === 'runs') {
      return route.query['bin'] === '1'
        ? [toRuns, { label: 'Bin', to: null }]
        : [{ label: 'Runs', to: null }];
    }
    if (route.name === 'run') return [toRuns, { label: runName, to: null }];
    if (route.name === 'example') {
      const label = `Example ${String(route.params['exampleId'])}`;
      return [toRuns, { label: runName, to: places.run(runId) }, { label, to: null }];
    }
    if (route.name === 'study') {
      const { studyId } = route.params;
      const name = studies.studies.find(({ id }) => id === studyId)?.name ?? String(studyId);
      return [
        { label: 'Studies', to: places.studies() },
        { label: name, to: null },
      ];
    }
    return [{ label: labels[String(route.name)] ?? '', to: null }];
  });

  watchEffect(() => {
    const place = crumbs.value.at(-1)?.label ?? '';
    document.title = place === '' ? 'Afterimage' : `${place} – Afterimage`;
  });
  return crumbs;
}
