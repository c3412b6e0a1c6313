import { computed, watch } from 'vue';
import type { Ref } from 'vue';
import type { ExplainerFamily } from '../../../core/explainers/explainer.ts';
import { explainers, type ExplainerName } from '../../../core/explainers/registry.ts';
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

export function prepareMap({ method, map, ...facts }: Explained): ExplainedMap {
  const scale = map.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const values = map.map((value) => value / (scale || 1));
  const places = explainers[method].signed ? values.map((value) => (value + 1) / 2) : values;
  return { ...facts, scale, values, places };
}

/** How long the cursor must rest before a map is asked for that is not known, ms. */
const restMs = 150;

const rest = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, restMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });

/**
 * The maps under the cursor by the method chosen, asked for as the cursor comes to rest: of those on
 * their way only the newest count, and what was there stays until they are. Null for the stored method.
 */
export function useExplained(
  scrubber: Scrubber,
  method: Readonly<Ref<ExplainerName>>,
  isDark: Readonly<Ref<boolean>>,
): {
  explained: Readonly<Ref<ExplainedMaps | null>>;
  pending: Readonly<Ref<boolean>>;
  error: Readonly<Ref<UserError | null>>;
} {
  const store = useExplanationsStore();
  const questions = computed((): ExplainedQuestion[] =>
    method.value === 'gradcam'
      ? []
      : scrubber.sides.value.map((side) => ({
          runId: side.history.runId,
          exampleId: side.history.exampleId,
          epoch: side.history.epochs[scrubber.indexOf(side)] ?? 0,
          target: scrubber.target.value,
          method: method.value,
        })),
  );
  const loading = useLatest(async (signal: AbortSignal, wanted: readonly ExplainedQuestion[]) => {
    if (wanted.some((question) => store.peek(question) === undefined)) await rest(signal);
    const loaded = await Promise.all(wanted.map((question) => store.load(question, signal)));
    const maps = new Map(wanted.map(({ runId }, i) => [runId, prepareMap(loaded[i] as Explained)]));
    return { method: wanted[0]?.method, exampleId: wanted[0]?.exampleId, maps };
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
    if (method.value === 'gradcam') return null;
    const { title, family, signed } = explainers[method.value];
    const table = isDark.value ? darkDivergingTable : divergingTable;
    const { value } = loading.value;
    const mapOf = ({ history }: ScrubberSide): ExplainedMap | null =>
      value?.method === method.value && value.exampleId === history.exampleId
        ? (value.maps.get(history.runId) ?? null)
        : null;
    return { title, family, signed, table: signed ? table : null, mapOf };
  });
  return { explained, pending: loading.pending, error: loading.error };
}
