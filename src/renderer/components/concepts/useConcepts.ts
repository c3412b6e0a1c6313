import { computed, shallowReactive, shallowRef, watch } from 'vue';
import type { Ref } from 'vue';
import {
  channelsOf,
  findMaximisers,
  rankChannels,
  type ConceptTable,
  type RankedChannel,
} from '../../../core/explainers/concepts.ts';
import type { LongTaskProgress } from '../../../shared/longTask.ts';
import { useLatest } from '../../composables/useLatest.ts';
import { useConceptsStore, type ConceptsQuestion } from '../../stores/concepts.ts';

/** An image of a channel. */
export interface ConceptImage {
  epoch: number;
  exampleId: number;
  targetClass: number;
  /** Of the channel, for the class. */
  relevance: number;
}

/** What a channel was at an epoch. */
export interface ConceptMoment extends RankedChannel {
  epoch: number;
  /** Its place among the channels, from 1. */
  rank: number;
  /** The image that maximises it. */
  image: ConceptImage | null;
}

const readImage = (
  table: ConceptTable,
  epoch: number,
  place: number,
  channel: number,
): ConceptImage => ({
  epoch,
  exampleId: table.exampleIds[place] ?? 0,
  targetClass: table.targets[place] ?? 0,
  relevance: table.relevance[place * channelsOf(table) + channel] ?? 0,
});

export const listImages = (
  table: ConceptTable,
  epoch: number,
  channel: number,
  most: number,
): ConceptImage[] =>
  findMaximisers(table, channel, most).map((place) => readImage(table, epoch, place, channel));

export function describeMoment(table: ConceptTable, epoch: number, channel: number): ConceptMoment {
  const ranked = rankChannels(table);
  const at = ranked.findIndex((one) => one.channel === channel);
  const [image = null] = listImages(table, epoch, channel, 1);
  return { ...(ranked[at] ?? { channel, relevance: 0, share: 0 }), epoch, rank: at + 1, image };
}

/** A table with the epoch that it is of: while another is on its way, the one before. */
export interface ShownTable {
  epoch: number;
  table: ConceptTable;
}

/** The relevance of a run's channels at the epoch asked for, and, when told to, at every epoch. */
export function useConcepts(
  question: Readonly<Ref<ConceptsQuestion | null>>,
  epochs: Readonly<Ref<readonly number[]>>,
) {
  const store = useConceptsStore();
  const progress = shallowRef<LongTaskProgress | null>(null);
  const onProgress = (step: LongTaskProgress): void => {
    progress.value = step;
  };
  const loading = useLatest(
    async (signal: AbortSignal, wanted: ConceptsQuestion): Promise<ShownTable> => {
      progress.value = null;
      return { epoch: wanted.epoch, table: await store.load(wanted, signal, onProgress) };
    },
  );
  watch(
    () => JSON.stringify(question.value),
    () => {
      if (question.value !== null) void loading.load(question.value);
    },
    { immediate: true },
  );

  const tables = shallowReactive(new Map<number, ConceptTable>());
  const following = useLatest(async (signal: AbortSignal, wanted: ConceptsQuestion) => {
    for (const epoch of epochs.value) {
      const table = await store.load({ ...wanted, epoch }, signal, onProgress);
      if (signal.aborted) return;
      tables.set(epoch, table);
    }
  });
  // Epochs are the same question; another run, class or number of images is not.
  watch(
    () => JSON.stringify({ ...question.value, epoch: null }),
    () => {
      following.clear();
      tables.clear();
    },
  );
  return {
    shown: loading.value,
    pending: loading.pending,
    error: computed(() => loading.error.value ?? following.error.value),
    progress,
    tables,
    following: following.pending,
    follow: () => {
      if (question.value !== null) void following.load(question.value);
    },
    leave: following.cancel,
  };
}
