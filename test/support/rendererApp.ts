import { createPinia } from 'pinia';
import { createApp, effectScope } from 'vue';
import type { App } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import type { Router } from 'vue-router';
import type { Api } from '../../src/renderer/api.ts';
import { apiKey } from '../../src/renderer/stores/client.ts';
import type { WorkbenchApi } from '../../src/main/router.ts';

type Method = (input: unknown, options: object) => unknown;

/** Methods as calls: looked up when they are called, and failing by rejection alone. */
function createDirectClient(target: object): object {
  return new Proxy(target, {
    get: (part, name) => {
      const value: unknown = Reflect.get(part, name);
      if (typeof value === 'object' && value !== null) return createDirectClient(value);
      if (typeof value !== 'function') return value;
      return async (input: unknown, options: object = {}) =>
        await (value as Method).call(part, input, options);
    },
  });
}

/**
 * The workbench's methods as the renderer's client, without a transport. Replacing a method of `api`
 * replaces what the client calls.
 */
export const connectDirectly = (api: WorkbenchApi): Api => ({
  client: createDirectClient(api) as Api['client'],
  connection: { state: 'open', onChange: () => () => undefined },
});

export interface RendererApp {
  app: App;
  router: Router;
  /** Calls a store's or composable's setup as a component would. */
  run: <T>(setup: () => T) => T;
  stop: () => void;
}

/** An application without a page: stores, router, and the workbench that they call. */
export async function createRendererApp(api: Api, path = '/'): Promise<RendererApp> {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)*', component: {} }],
  });
  await router.push(path);
  const app = createApp({}).provide(apiKey, api).use(createPinia()).use(router);
  const scope = effectScope();
  return {
    app,
    router,
    run: (setup) => app.runWithContext(() => scope.run(setup)) as ReturnType<typeof setup>,
    stop: () => {
      scope.stop();
    },
  };
}

/** Lets promises and watchers that are due run. */
export const settle = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
