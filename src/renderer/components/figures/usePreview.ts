import { computed, watch } from 'vue';
import type { Ref } from 'vue';
import type { BuiltFigureAnswer } from '../../../shared/figureCalls.ts';
import { useLatest } from '../../composables/useLatest.ts';
import type { Latest } from '../../composables/useLatest.ts';
import type { UserError } from '../../composables/userError.ts';
import { checkDraft, runsOf } from '../../figures/draft.ts';
import type { FigureDraft } from '../../figures/draft.ts';
import { useFiguresStore } from '../../stores/figures.ts';

/** A drawn figure with its SVG as text. */
export type Preview = Omit<BuiltFigureAnswer, 'svg'> & { svg: string };

export interface LivePreview extends Pick<Latest<[FigureDraft], Preview>, 'pending'> {
  /** The last that could be drawn. */
  value: Readonly<Ref<Preview | undefined>>;
  /** What is wrong with the newest. */
  error: Readonly<Ref<UserError | null>>;
}

/**
 * Draws a figure anew whenever it is edited or one of its runs gets another epoch or name. A draft
 * that its schema refuses is not sent; the newest one wins.
 */
export function usePreview(draft: Readonly<Ref<FigureDraft | null>>): LivePreview {
  const store = useFiguresStore();
  const latest = useLatest(async (signal, specification: FigureDraft): Promise<Preview> => {
    const built = await store.build(specification, signal);
    return { ...built, svg: await built.svg.text() };
  });
  const problem = computed(() => (draft.value === null ? null : checkDraft(draft.value).error));
  const text = computed(() => (draft.value === null ? '' : JSON.stringify(draft.value)));
  const changes = computed(() => (draft.value === null ? 0 : store.changesOf(runsOf(draft.value))));

  watch(
    [text, changes],
    () => {
      if (draft.value === null) latest.clear();
      else if (problem.value === null) void latest.load(draft.value);
      else latest.cancel();
    },
    { immediate: true },
  );
  const error = computed(() => problem.value ?? latest.error.value);
  return { value: latest.value, pending: latest.pending, error };
}
