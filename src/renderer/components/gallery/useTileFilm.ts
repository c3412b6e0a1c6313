import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { Ref } from 'vue';
import { useMediaQuery } from '../../composables/useMediaQuery.ts';
import { frameAt, mergeEpochs } from '../../examples/exampleHistory.ts';
import type { ExampleHistory } from '../../examples/exampleHistory.ts';
import { useExamplesStore } from '../../stores/examples.ts';

/** How long one stays on a tile before its film is asked for, ms: who sweeps over many asks for none. */
const dwellMs = 250;
/** A film shows at least so many epochs in a second, and takes no longer than this. */
const leastPace = 4;
const longestSeconds = 4;
/** How long it rests on the last epoch before it begins anew, ms. */
const restMs = 1000;

/** The frame of a film that is due after some time, over and over. */
export function filmFrame(elapsedMs: number, frames: number): number {
  const frameMs = 1000 / Math.max(leastPace, frames / longestSeconds);
  const due = Math.floor((elapsedMs % (frames * frameMs + restMs)) / frameMs);
  return Math.min(due, frames - 1);
}

/** One image of a gallery, in the runs that it is shown of. */
export interface FilmedTile {
  runIds: readonly string[];
  exampleId: number;
}

/** What a playing tile shows of each run: its history, and the index of the epoch that is on. */
export interface TileFilm {
  epoch: number;
  panes: readonly { history: ExampleHistory; index: number }[];
}

/**
 * The film of the tile that one stays on: its maps epoch by epoch, all runs in step. Null where there is no
 * such tile, until its histories are here, and for those who want no motion. It asks for what the scrubber
 * would ask for, once.
 */
export function useTileFilm(
  tile: Readonly<Ref<FilmedTile | null>>,
): Readonly<Ref<TileFilm | null>> {
  const examples = useExamplesStore();
  const isStill = useMediaQuery('(prefers-reduced-motion: reduce)');
  const histories = shallowRef<readonly ExampleHistory[]>([]);
  const frame = shallowRef(0);
  let request = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = new AbortController();

  const epochs = computed(() => mergeEpochs(histories.value));

  function stop(): void {
    clearTimeout(timer);
    cancelAnimationFrame(request);
    asking.abort();
    histories.value = [];
  }

  function play(begunMs: number): void {
    request = requestAnimationFrame((nowMs) => {
      frame.value = filmFrame(Math.max(0, nowMs - begunMs), epochs.value.length);
      play(begunMs);
    });
  }

  async function start({ runIds, exampleId }: FilmedTile): Promise<void> {
    const { signal } = (asking = new AbortController());
    try {
      const loaded = await Promise.all(
        runIds.map((runId) => examples.loadHistory(runId, exampleId, signal)),
      );
      if (signal.aborted) return;
      frame.value = 0;
      histories.value = loaded;
      if (epochs.value.length > 1) play(performance.now());
    } catch {
      // The tile stays as it is: opening it will say why.
    }
  }

  watch(
    [() => JSON.stringify(tile.value), isStill],
    () => {
      stop();
      const wanted = tile.value;
      if (wanted === null || isStill.value) return;
      timer = setTimeout(() => void start(wanted), dwellMs);
    },
    { immediate: true },
  );
  onScopeDispose(stop);

  return computed(() => {
    const epoch = epochs.value[frame.value];
    if (epoch === undefined) return null;
    const panes = histories.value.map((history) => ({
      history,
      index: frameAt(history.epochs, epoch),
    }));
    return { epoch, panes };
  });
}
