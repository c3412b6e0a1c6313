import { defineStore } from 'pinia';
import { ref } from 'vue';

/** Which runs are being given another name or other tags; the windows for it are the shell's. */
export const useRunPromptsStore = defineStore('runPrompts', () => {
  /** Null while no name is asked for. */
  const renamed = ref<string | null>(null);
  const tagged = ref<readonly string[]>([]);
  return { renamed, tagged };
});
