import { readonly, ref } from 'vue';
import { createRouter, createWebHistory } from 'vue-router';
import type { RouteLocationRaw, Router } from 'vue-router';
import type { FigureDraft, FigureInWork } from './figures/draft.ts';

const runsPath = ref('/');

/** The runs view as it was last seen, filters and all: where links back to it lead. */
export const lastRunsPath = readonly(runsPath);

/** Every place in the workbench. What a view shows besides its path is in its query. */
export function createAppRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/', name: 'runs', component: () => import('./views/RunsView.vue') },
      { path: '/runs/:runId', name: 'run', component: () => import('./views/RunView.vue') },
      {
        path: '/runs/:runId/examples/:exampleId(\\d+)',
        name: 'example',
        component: () => import('./views/ExampleView.vue'),
      },
      { path: '/compare', name: 'compare', component: () => import('./views/CompareView.vue') },
      { path: '/audit', name: 'audit', component: () => import('./views/AuditView.vue') },
      { path: '/figures', name: 'figures', component: () => import('./views/FiguresView.vue') },
      { path: '/new', name: 'newRun', component: () => import('./views/NewRunView.vue') },
      { path: '/data', name: 'data', component: () => import('./views/DataView.vue') },
      { path: '/settings', name: 'settings', component: () => import('./views/SettingsView.vue') },
      {
        path: '/:unknown(.*)*',
        name: 'notFound',
        component: () => import('./views/NotFoundView.vue'),
      },
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
  /** The form, prefilled from a run where one is given. */
  newRun: (fromRunId?: string): RouteLocationRaw => ({
    name: 'newRun',
    query: fromRunId === undefined ? {} : { from: fromRunId },
  }),
  data: (): RouteLocationRaw => ({ name: 'data' }),
  settings: (): RouteLocationRaw => ({ name: 'settings' }),
};
