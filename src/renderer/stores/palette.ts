import { defineStore } from 'pinia';
import { ref } from 'vue';

/** Whether the command palette is open and what it was opened with, or the list of shortcuts. */
export const usePaletteStore = defineStore('palette', () => {
  const open = ref(false);
  const query = ref('');
  const showsShortcuts = ref(false);

  function show(text = ''): void {
    query.value = text;
    open.value = true;
  }

  return { open, query, show, showsShortcuts };
});
