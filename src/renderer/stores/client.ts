import { inject } from 'vue';
import type { InjectionKey } from 'vue';
import type { Api } from '../api.ts';

/** The application provides the workbench under this key; only stores ask for it. */
export const apiKey: InjectionKey<Api> = Symbol('workbench');

/** The workbench, for the setup function of a store. */
export function useApi(): Api {
  const api = inject(apiKey, null);
  if (api === null) throw new Error('No workbench was provided to the application.');
  return api;
}

/** Client of the contract, for the setup function of a store. */
export const useClient = (): Api['client'] => useApi().client;
