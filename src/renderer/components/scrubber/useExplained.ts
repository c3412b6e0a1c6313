import { computed, shallowRef, watch } from 'vue';
import type { Ref } from 'vue';
import { errorFrom } from '../../../core/errors.ts';
import { largestOf, placesOf, shareOfLargest } from '../../../core/maps/shareOfLargest.ts';
import type { ExplainerFamily } from '../../../core/explainers/explainer.ts';
import type { ChosenExplainer } from '../../../core/explainers/options.ts';
import { explainers } from '../../../core/explainers/registry.ts';
import type { LongTaskProgress } from '../../../shared/longTask.ts';
import { formatDuration } from '../../composables/format.ts';
import { useLatest } from '../../composables/useLatest.ts';
import type { UserError } from '../../composables/userError.ts';
import { darkDivergingTable, divergingTable } from '../../maps/colorMaps.ts';
import type { ColorTable } from '../../maps/colorMaps.ts';
import {
  useExplanationsStore,
  type Explained,
  type ExplainedQuestion,
} from '../../stores/explanations.ts';
import type { Scrubber, ScrubberSide } from './useScrubber.ts';

/** A side's map by the method chosen, ready to be drawn. */
export interface ExplainedMap extends Pick<Explained, 'likeness' | 'trainingImage'> {
  epoch: number;
  targetClass: number;
  /** What the ends of the scale stand for. */
  scale: number;
  /** [S, S] as a share of the scale, from -1 or 0 to 1. */
  values: Float32Array;
  /** [S, S] as places in the table, 0 to 1. */
  places: Float32Array;
}

export interface ExplainedMaps {
  title: string;
  family: ExplainerFamily;
  signed: boolean;
  /** The colours of a signed map; null where the reader's own are used. */
  table: ColorTable | null;
  /** Null until the side's first map is there. */
  mapOf: (side: ScrubberSide) => ExplainedMap | null;
}

export function prepareMap({
  method,
  epoch,
  targetClass,
  map,
  likeness = null,
  trainingImage = null,
}: Pick<Explained, 'method' | 'epoch' | 'targetClass' | 'map'> &
  Partial<Pick<Explained, 'likeness' | 'trainingImage'>>): ExplainedMap {
  const facts = { epoch, targetClass, likeness, trainingImage };
  const scale = largestOf(map);
  const values = shareOfLargest(map, scale);
  const places = placesOf(values, explainers[method].signed);
  return { ...facts, scale, values, places };
}

/** How long the cursor must rest before a map is asked for that is not known, ms. */
const restMs = 150;

export const rest = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, restMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });

/** What is chosen of how maps are explained. */
export interface ExplainedBy {
  method: ChosenExplainer;
  /** Of what is drawn at random. */
  seed: number;
}

/** How far something is, and for how long it has been computed, ms. */
export type TimedProgress = LongTaskProgress & { elapsedMs: number };

/** Tells progress with the time since it was asked for. */
export function timeProgress(
  tell: (progress: TimedProgress) => void,
): (step: LongTaskProgress) => void {
  const begun = performance.now();
  return (step) => {
    tell({ ...step, elapsedMs: performance.now() - begun });
  };
}

/** `45%, 12 s left`; no time before there is anything to tell it from. */
export function describeProgress({ done, total, elapsedMs }: TimedProgress): string {
  if (total === null || total === 0) return '';
  const share = Math.min(1, done / total);
  const percent = `${Math.floor(100 * share)}%`;
  if (share === 0 || elapsedMs < 1000) return percent;
  return `${percent}, ${formatDuration((elapsedMs * (1 - share)) / share)} left`;
}

/** What is asked of a side's network at the cursor. */
export const askAt = (
  scrubber: Scrubber,
  side: ScrubberSide,
  { methods, seed }: Pick<ExplainedQuestion, 'methods' | 'seed'>,
): ExplainedQuestion => ({
  runId: side.history.runId,
  exampleId: side.history.exampleId,
  epoch: side.history.epochs[scrubber.indexOf(side)] ?? 0,
  target: scrubber.target.value,
  ...{ methods, seed },
});

/**
 * The maps under the cursor by the method chosen, asked for as the cursor comes to rest: of those on
 * their way only the newest count, and what was there stays until they are. Null for the stored method.
 */
export function useExplained(
  scrubber: Scrubber,
  by: Readonly<Ref<ExplainedBy>>,
  isDark: Readonly<Ref<boolean>>,
): {
  explained: Readonly<Ref<ExplainedMaps | null>>;
  pending: Readonly<Ref<boolean>>;
  /** How far the map on its way is; null where that is not known. */
  progress: Readonly<Ref<TimedProgress | null>>;
  error: Readonly<Ref<UserError | null>>;
  /** Leaves what is on its way. */
  cancel: () => void;
} {
  const store = useExplanationsStore();
  const progress = shallowRef<TimedProgress | null>(null);
  const isStored = computed(() => by.value.method.name === 'gradcam');
  const questions = computed((): ExplainedQuestion[] => {
    const { method, seed } = by.value;
    if (isStored.value) return [];
    return scrubber.sides.value.map((side) => askAt(scrubber, side, { methods: [method], seed }));
  });
  const loading = useLatest(async (signal: AbortSignal, wanted: readonly ExplainedQuestion[]) => {
    progress.value = null;
    if (wanted.some((question) => store.peek(question) === undefined)) await rest(signal);
    const onProgress = timeProgress((step) => {
      if (!signal.aborted) progress.value = step;
    });
    const loaded = await Promise.all(
      wanted.map((question) => store.load(question, signal, onProgress)),
    );
    const maps = new Map(wanted.map(({ runId }, i) => [runId, readMap(loaded[i] ?? [])]));
    return { method: wanted[0]?.methods[0]?.name, exampleId: wanted[0]?.exampleId, maps };
  });
  watch(
    () => JSON.stringify(questions.value),
    () => {
      if (questions.value.length === 0) loading.clear();
      else void loading.load(questions.value);
    },
    { immediate: true },
  );
  const explained = computed((): ExplainedMaps | null => {
    const { name } = by.value.method;
    if (isStored.value) return null;
    const { title, family, signed } = explainers[name];
    const table = isDark.value ? darkDivergingTable : divergingTable;
    const { value } = loading.value;
    const mapOf = ({ history }: ScrubberSide): ExplainedMap | null =>
      value?.method === name && value.exampleId === history.exampleId
        ? (value.maps.get(history.runId) ?? null)
        : null;
    return { title, family, signed, table: signed ? table : null, mapOf };
  });
  const { pending, error, cancel } = loading;
  return { explained, pending, progress, error, cancel };
}

/** The one map that was asked for; throws why it cannot be had. */
function readMap([explained]: readonly Explained[]): ExplainedMap {
  if (explained === undefined) throw new Error('an explanation was not given');
  if (explained.problem !== null) throw errorFrom(explained.problem);
  return prepareMap(explained);
}
