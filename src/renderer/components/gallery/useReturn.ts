import { watch } from 'vue';
import type { Ref } from 'vue';
import { useExamplesStore } from '../../stores/examples.ts';

/** A grid of tiles that can be led back to one of them. */
export interface ReturnableGrid {
  reveal: (index: number) => void;
  /** With the focus and a frame on the tile, until another is chosen. */
  comeBack: (index: number) => void;
}

/**
 * Where a list begins when one comes back to it: at the example looked at last, while it is in the list;
 * straight from that example, with the focus on its tile.
 *
 * @param active index of the active tile, which follows the example through changes of the list
 */
export function useReturn(
  runId: string,
  grid: Readonly<Ref<ReturnableGrid | null>>,
  exampleIds: Readonly<Ref<Uint32Array>>,
  active: Ref<number>,
): void {
  const examples = useExamplesStore();
  let isReturning = examples.returning?.runId === runId;
  examples.returning = null;

  watch(exampleIds, (ids, before) => {
    const kept = before[active.value] ?? examples.lastOpened;
    active.value = Math.max(kept === null ? 0 : ids.indexOf(kept), 0);
  });
  watch(
    grid,
    (shown) => {
      const index =
        examples.lastOpened === null ? -1 : exampleIds.value.indexOf(examples.lastOpened);
      if (shown === null || index < 0) return;
      active.value = index;
      if (isReturning) shown.comeBack(index);
      else shown.reveal(index);
      isReturning = false;
    },
    { flush: 'post' },
  );
}
