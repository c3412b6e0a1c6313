import { computed, onScopeDispose, shallowReactive, shallowRef, watch } from 'vue';
import type { Ref } from 'vue';
import { countPasses } from '../../../core/explainers/cost.ts';
import type { ExplainedSizes } from '../../../core/explainers/explainer.ts';
import type { ChosenExplainer } from '../../../core/explainers/options.ts';
import type { ExplainerName } from '../../../core/explainers/registry.ts';
import type { LongTaskProgress } from '../../../shared/longTask.ts';
import { useLatest } from '../../composables/useLatest.ts';
import { toUserError, type UserError } from '../../composables/userError.ts';
import { useExplanationsStore, type Explained } from '../../stores/explanations.ts';
import { isQuick, listMethods } from './explainedBy.ts';
import { askAt, rest, timeProgress, type ExplainedBy, type TimedProgress } from './useExplained.ts';
import type { Scrubber, ScrubberSide } from './useScrubber.ts';

export const stripModes = ['off', 'methods', 'epochs'] as const;
export type StripMode = (typeof stripModes)[number];

/** One column of the strip: a method at the cursor, or an epoch by the method chosen. */
export interface StripColumn {
  key: string;
  method: ChosenExplainer;
  /** Null: wherever the cursor is. */
  epoch: number | null;
  /** Images that the network sees for one map. */
  passes: number;
  /** Whether it is computed without being asked for. */
  quick: boolean;
}

/** What is being computed that somebody asked for. */
export interface StripWork {
  progress: TimedProgress | null;
  cancel: () => void;
}

export interface Strip {
  columns: Readonly<Ref<readonly StripColumn[]>>;
  /** The last map that came for a place; it stays while the cursor moves on. */
  mapAt: (side: ScrubberSide, column: StripColumn) => Explained | null;
  pending: Readonly<Ref<boolean>>;
  error: Readonly<Ref<UserError | null>>;
  /** By the columns' keys. */
  works: ReadonlyMap<string, StripWork>;
  /** Computes columns one after the other, for each side, until it is cancelled. */
  compute: (columns: readonly StripColumn[]) => void;
}

const passesOf = (method: ChosenExplainer, sizes: ExplainedSizes): number =>
  countPasses([method], sizes);

function listColumns(
  mode: StripMode,
  { method }: ExplainedBy,
  epochs: readonly number[],
  { names, sizes }: { names: readonly ExplainerName[]; sizes: ExplainedSizes | null },
): StripColumn[] {
  if (mode === 'off' || sizes === null) return [];
  const columnOf = (chosen: ChosenExplainer, epoch: number | null): StripColumn => ({
    ...{ key: `${chosen.name} ${epoch ?? ''}`, method: chosen, epoch },
    ...{ passes: passesOf(chosen, sizes), quick: isQuick(chosen, sizes) },
  });
  return mode === 'methods'
    ? listMethods(names, method).map((chosen) => columnOf(chosen, null))
    : epochs.map((epoch) => columnOf(method, epoch));
}

/** The maps that have come, and how more of them do. */
function createMaps(scrubber: Scrubber, by: Readonly<Ref<ExplainedBy>>) {
  const store = useExplanationsStore();
  const maps = shallowReactive(new Map<string, Explained>());
  const placeOf = (side: ScrubberSide, { key }: StripColumn): string =>
    `${side.history.runId} ${key}`;

  /** What a side's network makes of columns that share an epoch, all at once. */
  async function load(
    side: ScrubberSide,
    together: readonly StripColumn[],
    signal: AbortSignal,
    onProgress?: (progress: LongTaskProgress) => void,
  ): Promise<void> {
    const epoch = together[0]?.epoch ?? null;
    // A run that ended earlier has no such epoch.
    if (epoch !== null && !side.history.epochs.includes(epoch)) return;
    const methods = together.map(({ method }) => method);
    const asked = askAt(scrubber, side, { methods, seed: by.value.seed });
    const loaded = await store.load(
      epoch === null ? asked : { ...asked, epoch },
      signal,
      onProgress,
    );
    if (signal.aborted) return;
    together.forEach((column, i) => {
      const explained = loaded[i];
      if (explained !== undefined) maps.set(placeOf(side, column), explained);
    });
  }

  return {
    load,
    mapAt: (side: ScrubberSide, column: StripColumn) => maps.get(placeOf(side, column)) ?? null,
    clear: () => {
      maps.clear();
    },
  };
}
type Maps = ReturnType<typeof createMaps>;

/** Quick columns come by themselves: whenever `question` changes, as soon as the cursor rests. */
function useQuickColumns(
  { sides }: Scrubber,
  { load }: Maps,
  columns: Readonly<Ref<readonly StripColumn[]>>,
  question: () => string,
) {
  const loading = useLatest(async (signal: AbortSignal): Promise<true> => {
    // A strip that opens is waited for; one that is there may wait until the cursor rests.
    if (loading.value.value === true) await rest(signal);
    const quick = columns.value.filter((column) => column.quick);
    for (const together of Map.groupBy(quick, ({ epoch }) => epoch).values()) {
      for (const side of sides.value) await load(side, together, signal);
    }
    return true;
  });
  watch(
    question,
    () => {
      if (columns.value.some(({ quick }) => quick)) void loading.load();
      else loading.clear();
    },
    { immediate: true },
  );
  return loading;
}

/** Other columns come when they are asked for, one after the other, until that is cancelled. */
function useAskedColumns({ sides }: Scrubber, { load }: Maps) {
  const works = shallowReactive(new Map<string, StripWork>());
  const error = shallowRef<UserError | null>(null);

  async function computeOne(column: StripColumn, signal: AbortSignal): Promise<void> {
    for (const side of sides.value) {
      const tell = timeProgress((progress) => {
        const work = works.get(column.key);
        if (work !== undefined) works.set(column.key, { ...work, progress });
      });
      await load(side, [column], signal, tell);
    }
  }

  async function computeAll(columns: readonly StripColumn[]): Promise<void> {
    const controller = new AbortController();
    const cancel = (): void => {
      controller.abort();
    };
    for (const { key } of columns) works.set(key, { progress: null, cancel });
    error.value = null;
    try {
      for (const column of columns) {
        await computeOne(column, controller.signal);
        works.delete(column.key);
      }
    } catch (caught) {
      if (!controller.signal.aborted) error.value = toUserError(caught);
    }
    for (const { key } of columns) works.delete(key);
  }

  const cancelAll = (): void => {
    for (const { cancel } of works.values()) cancel();
  };
  onScopeDispose(cancelAll, true);
  return { works, error, computeAll, cancelAll };
}

/**
 * Maps side by side: all methods at the cursor, or all epochs by one method. Quick ones come by
 * themselves as the cursor rests, the others when they are asked for.
 */
export function useStrip(
  scrubber: Scrubber,
  by: Readonly<Ref<ExplainedBy>>,
  mode: Readonly<Ref<StripMode>>,
  shown: {
    /** The methods to choose from. */
    names: Readonly<Ref<readonly ExplainerName[]>>;
    sizes: Readonly<Ref<ExplainedSizes | null>>;
  },
): Strip {
  const columns = computed(() => {
    const { names, sizes } = shown;
    const chosen = { names: names.value, sizes: sizes.value };
    return listColumns(mode.value, by.value, scrubber.epochs.value, chosen);
  });
  const maps = createMaps(scrubber, by);
  const question = (): string => questionsOf(scrubber, by.value, columns.value);
  const asked = useAskedColumns(scrubber, maps);
  // What belongs to another question is no answer to this one; another epoch's stays.
  watch(
    () => JSON.stringify([subjectOf(scrubber), by.value, columns.value.map(({ key }) => key)]),
    () => {
      asked.cancelAll();
      maps.clear();
    },
  );
  const quick = useQuickColumns(scrubber, maps, columns, question);
  return {
    ...{ columns, mapAt: maps.mapAt, pending: quick.pending, works: asked.works },
    error: computed(() => quick.error.value ?? asked.error.value),
    compute: (wanted) => {
      void asked.computeAll(wanted.filter(({ key }) => !asked.works.has(key)));
    },
  };
}

/** What is explained, whatever the epoch. */
const subjectOf = ({ sides, target }: Scrubber): unknown => [
  sides.value.map(({ history }) => [history.runId, history.exampleId]),
  target.value,
];

/** All that quick maps depend on, as text. */
const questionsOf = (
  scrubber: Scrubber,
  { seed }: ExplainedBy,
  columns: readonly StripColumn[],
): string => {
  const followsCursor = columns.some(({ epoch }) => epoch === null);
  const methods = columns.filter(({ quick }) => quick).map(({ method, epoch }) => [method, epoch]);
  const epoch = followsCursor ? scrubber.epoch.value : null;
  return JSON.stringify([subjectOf(scrubber), epoch, seed, methods]);
};
