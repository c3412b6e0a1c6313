import { readonly, ref } from 'vue';
import { createRouter, createWebHistory } from 'vue-router';
import type { RouteLocationRaw, Router } from 'vue-router';
import type { FigureDraft, FigureInWork } from './figures/draft.ts';

const runsPath = ref('/');

/** The runs view as it was last seen, filters and all: where links back to it lead. */
export const lastRunsPath = readonly(runsPath);

const views = {
  runs: () => import('./views/RunsView.vue'),
  run: () => import('./views/RunView.vue'),
  example: () => import('./views/ExampleView.vue'),
  compare: () => import('./views/CompareView.vue'),
  audit: () => import('./views/AuditView.vue'),
  figures: () => import('./views/FiguresView.vue'),
  studies: () => import('./views/StudiesView.vue'),
  study: () => import('./views/StudyView.vue'),
  newRun: () => import('./views/NewRunView.vue'),
  data: () => import('./views/DataView.vue'),
  settings: () => import('./views/SettingsView.vue'),
  notFound: () => import('./views/NotFoundView.vue'),
};

/**
 * Loads the code of every view, one after the other: a page whose workbench is gone, or was started
 * again with another key, can then still be walked through.
 */
export async function loadViews(): Promise<void> {
  for (const load of Object.values(views)) await load().catch(() => undefined);
}

/** Every place in the workbench. What a view shows besides its path is in its query. */
export function createAppRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/', name: 'runs', component: views.runs },
      { path: '/runs/:runId', name: 'run', component: views.run },
      {
        path: '/runs/:runId/examples/:exampleId(\\d+)',
        name: 'example',
        component: views.example,
      },
      { path: '/compare', name: 'compare', component: views.compare },
      { path: '/audit', name: 'audit', component: views.audit },
      { path: '/figures', name: 'figures', component: views.figures },
      { path: '/studies', name: 'studies', component: views.studies },
      { path: '/studies/:studyId', name: 'study', component: views.study },
      { path: '/new', name: 'newRun', component: views.newRun },
      { path: '/data', name: 'data', component: views.data },
      { path: '/settings', name: 'settings', component: views.settings },
      { path: '/:unknown(.*)*', name: 'notFound', component: views.notFound },
    ],
  });
  router.afterEach((to) => {
    if (to.name === 'runs' && to.query['bin'] === undefined) runsPath.value = to.fullPath;
  });
  return router;
}

/** Where things are: views link through these, so that paths are written once. */
export const places = {
  runs: (query: Record<string, string> = {}): RouteLocationRaw => ({ name: 'runs', query }),
  run: (runId: string, query: Record<string, string> = {}): RouteLocationRaw => ({
    name: 'run',
    params: { runId },
    query,
  }),
  example: (
    runId: string,
    exampleId: number,
    query: Record<string, string> = {},
  ): RouteLocationRaw => ({
    name: 'example',
    params: { runId, exampleId: String(exampleId) },
    query,
  }),
  compare: (runIds: readonly string[]): RouteLocationRaw => ({
    name: 'compare',
    query: { runs: runIds.join(',') },
  }),
  audit: (runIds: readonly string[]): RouteLocationRaw => ({
    name: 'audit',
    query: { runs: runIds.join(',') },
  }),
  /** All figures, or a new one of a specification. */
  figures: (draft?: FigureDraft): RouteLocationRaw => ({
    name: 'figures',
    query: draft === undefined ? {} : { spec: JSON.stringify(draft) },
  }),
  figure: (id: string): RouteLocationRaw => ({ name: 'figures', query: { figure: id } }),
  /** The figure in work, saved or not, with what was edited; all figures where there is none. */
  currentFigure: (current: FigureInWork | null): RouteLocationRaw => {
    if (current === null) return { name: 'figures' };
    const spec = JSON.stringify(current.draft);
    return {
      name: 'figures',
      query: current.id === null ? { spec } : { figure: current.id, spec },
    };
  },
  /** The form, prefilled from a run where one is given, with changes of its settings by short key. */
  newRun: (fromRunId?: string, changes: Record<string, string> = {}): RouteLocationRaw => ({
    name: 'newRun',
    query: fromRunId === undefined ? changes : { from: fromRunId, ...changes },
  }),
  studies: (): RouteLocationRaw => ({ name: 'studies' }),
  study: (studyId: string): RouteLocationRaw => ({ name: 'study', params: { studyId } }),
  data: (): RouteLocationRaw => ({ name: 'data' }),
  settings: (): RouteLocationRaw => ({ name: 'settings' }),
};
