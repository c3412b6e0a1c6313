import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { z } from 'zod';
import type { savedFilterSchema } from '../../shared/contract.ts';
import { useClient } from './client.ts';

export type SavedFilter = z.infer<typeof savedFilterSchema>;

/** Named query strings of the runs view. */
export const useSavedFiltersStore = defineStore('savedFilters', () => {
  const client = useClient();
  const filters = shallowRef<readonly SavedFilter[]>([]);

  async function load(): Promise<void> {
    filters.value = await client.filters.list({});
  }

  async function save(name: string, query: string): Promise<void> {
    filters.value = await client.filters.save({ name, query });
  }

  async function remove(name: string): Promise<void> {
    filters.value = await client.filters.remove({ name });
  }

  return { filters, load, save, remove };
});
