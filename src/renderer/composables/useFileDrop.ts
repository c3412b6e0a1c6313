import { onScopeDispose, ref } from 'vue';
import type { Ref } from 'vue';

/** Whether files hover over the window; calls back with those that are dropped. */
export function useFileDrop(callback: (files: File[]) => void): Readonly<Ref<boolean>> {
  const hovering = ref(false);
  let depth = 0;
  const carriesFiles = (event: DragEvent): boolean =>
    event.dataTransfer?.types.includes('Files') ?? false;

  const listeners: Record<string, (event: DragEvent) => void> = {
    dragenter: (event) => {
      if (carriesFiles(event)) hovering.value = (depth += 1) > 0;
    },
    dragleave: (event) => {
      if (carriesFiles(event)) hovering.value = (depth -= 1) > 0;
    },
    dragover: (event) => {
      if (carriesFiles(event)) event.preventDefault();
    },
    drop: (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth = 0;
      hovering.value = false;
      callback([...(event.dataTransfer?.files ?? [])]);
    },
  };
  for (const [name, listener] of Object.entries(listeners)) {
    window.addEventListener(name, listener as (event: Event) => void);
  }
  onScopeDispose(() => {
    for (const [name, listener] of Object.entries(listeners)) {
      window.removeEventListener(name, listener as (event: Event) => void);
    }
  });
  return hovering;
}
