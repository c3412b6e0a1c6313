import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';

/** Which runs are being named, tagged or exported, and which weights come in; the windows for it are the shell's. */
export const useRunPromptsStore = defineStore('runPrompts', () => {
  /** Null while no name is asked for. */
  const renamed = ref<string | null>(null);
  const tagged = ref<readonly string[]>([]);
  const exported = shallowRef<readonly string[]>([]);
  /** Files of weights, of which each is asked for in its turn. */
  const weights = shallowRef<readonly File[]>([]);
  return { renamed, tagged, exported, weights };
});
