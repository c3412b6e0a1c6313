import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { useLatest } from '../composables/useLatest.ts';
import { toUserError } from '../composables/userError.ts';
import type { UserError } from '../composables/userError.ts';
import type { ExampleHistory } from '../examples/exampleHistory.ts';
import { useExamplesStore } from './examples.ts';

/** Which histories the scrubber shows: an example of a run, and of the runs beside it. */
export interface ScrubbedExample {
  runId: string;
  besideRunIds: readonly string[];
  exampleId: number;
  /** Whether with the maps of every class, and not only those that are stored. */
  everyClass: boolean;
}

/** All histories are of the same example: they change together or not at all. */
export interface ScrubbedHistories {
  main: ExampleHistory;
  /** Of the runs beside it, in their order; those that could not be had are left out. */
  beside: readonly ExampleHistory[];
  /** Why one of them has nothing to show; the others are shown all the same. */
  besideError: UserError | null;
  /** Why the maps of every class, which were asked for, are not among them. */
  classMapsError: UserError | null;
}

/**
 * The histories under the scrubber. Those that are known are shown at once; of those on their way
 * only the last asked for count, and what was shown stays until they are there.
 */
export const useScrubberStore = defineStore('scrubber', () => {
  const examples = useExamplesStore();
  const target = shallowRef<ScrubbedExample | null>(null);
  const shown = shallowRef<ScrubbedHistories | null>(null);

  const loading = useLatest((signal: AbortSignal, wanted: ScrubbedExample) =>
    wanted.everyClass
      ? loadExplained(examples, wanted, signal)
      : loadAll(examples.loadHistory, wanted, signal),
  );
  watch(loading.value, (loaded) => (shown.value = loaded ?? null), { flush: 'sync' });

  function peekAll(wanted: ScrubbedExample): ScrubbedHistories | null {
    const { runId, besideRunIds, exampleId, everyClass } = wanted;
    const peek = everyClass ? examples.peekExplained : examples.peekHistory;
    const main = peek(runId, exampleId);
    const beside = besideRunIds
      .map((id) => peek(id, exampleId))
      .filter((known) => known !== undefined);
    if (main === undefined || beside.length < besideRunIds.length) return null;
    return { main, beside, besideError: null, classMapsError: null };
  }

  const isShown = (): boolean =>
    shown.value?.main.exampleId === target.value?.exampleId &&
    shown.value?.main.runId === target.value?.runId &&
    (target.value?.everyClass !== true || shown.value?.main.classMaps != null);

  function open(next: ScrubbedExample): void {
    target.value = next;
    const known = peekAll(next);
    if (known === null) void loading.load(next);
    else {
      loading.cancel();
      shown.value = known;
    }
  }

  /** Forgets what is shown, so that the next example opens on nothing old. */
  function close(): void {
    target.value = null;
    loading.cancel();
    shown.value = null;
  }

  // A run that trains adds an epoch to what is shown; a data set that is imported, the image.
  watch(
    () => {
      const { value } = target;
      const runIds = value === null ? [] : [value.runId, ...value.besideRunIds];
      // Added up: one run more or less is no event.
      const events = runIds.reduce((sum, runId) => sum + examples.epochEventsOf(runId), 0);
      return `${examples.forgotten} ${events}`;
    },
    () => {
      if (target.value !== null) open(target.value);
    },
  );

  return {
    target,
    shown: computed(() => shown.value),
    /** Why the example asked for cannot be shown. */
    error: computed(() =>
      isShown() ? null : (loading.error.value ?? shown.value?.classMapsError ?? null),
    ),
    pending: loading.pending,
    open,
    close,
  };
});

type LoadHistory = ReturnType<typeof useExamplesStore>['loadHistory'];

async function loadAll(
  loadHistory: LoadHistory,
  { runId, besideRunIds, exampleId }: ScrubbedExample,
  signal: AbortSignal,
): Promise<ScrubbedHistories> {
  let besideError: UserError | null = null;
  const [main, ...beside] = await Promise.all([
    loadHistory(runId, exampleId, signal),
    ...besideRunIds.map((id) =>
      loadHistory(id, exampleId, signal).catch((error: unknown) => {
        besideError = toUserError(error);
        return null;
      }),
    ),
  ]);
  const found = beside.filter((history) => history !== null);
  return { main, beside: found, besideError, classMapsError: null };
}

/** With the maps of every class; where they cannot be computed, with those that are stored. */
async function loadExplained(
  examples: ReturnType<typeof useExamplesStore>,
  wanted: ScrubbedExample,
  signal: AbortSignal,
): Promise<ScrubbedHistories> {
  try {
    return await loadAll(examples.loadExplained, wanted, signal);
  } catch (error) {
    const stored = await loadAll(examples.loadHistory, wanted, signal);
    return { ...stored, classMapsError: toUserError(error) };
  }
}
