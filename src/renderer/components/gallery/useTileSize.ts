import { ref } from 'vue';
import type { Ref } from 'vue';

const storageKey = 'afterimage.gallery.tileSize';
export const [smallestTile, largestTile, tileStep] = [56, 224, 28];

function readStored(): number | null {
  const stored = Number(localStorage.getItem(storageKey) ?? Number.NaN);
  return stored >= smallestTile && stored <= largestTile ? stored : null;
}

/** Of every gallery, so that one chosen in one is the size of all. */
const chosen = ref<number | null>(null);
let isRead = false;

/** Side of a tile's image as somebody chose it last, CSS pixels; null: what suits the room. */
export function useTileSize(): { tileSize: Ref<number | null>; choose: (size: number) => void } {
  if (!isRead) chosen.value = readStored();
  isRead = true;
  return {
    tileSize: chosen,
    choose: (size) => {
      chosen.value = size;
      localStorage.setItem(storageKey, String(size));
    },
  };
}
