import { computed } from 'vue';
import type { Ref, WritableComputedRef } from 'vue';
import {
  choiceParam,
  numberParam,
  textParam,
  useQueryParam,
} from '../../composables/useQueryParam.ts';
import { useClassParam } from '../../composables/useClassParam.ts';
import type { QueryCodec } from '../../composables/useQueryParam.ts';
import { useSettledParam } from '../../composables/useSettledParam.ts';
import { sortKeys } from '../../examples/ordering.ts';
import type { ExampleFilter, SortKey } from '../../examples/ordering.ts';
import { quadrants } from '../../examples/quadrants.ts';
import type { Quadrant } from '../../examples/quadrants.ts';
import { useExampleMarksStore } from '../../stores/exampleMarks.ts';

/** Which images a gallery shows and in which order: what its part of the URL says. */
export interface GalleryQuery extends ExampleFilter {
  sort: SortKey;
  descending: boolean;
}

/** Each sort opens at its interesting end: the least sure, the least alike, the most changed. */
export const descendsAtFirst = (sort: SortKey): boolean => sort === 'change';

/** Quadrants by name, joined by commas; `none` for none, nothing for the opening ones. */
export const quadrantsParam = (opening: readonly Quadrant[]): QueryCodec<readonly Quadrant[]> => ({
  parse: (text) => {
    if (text === null) return opening;
    const named = text.split(',');
    return quadrants.filter((quadrant) => named.includes(quadrant));
  },
  format: (shown) => {
    if (shown.length === 0) return 'none';
    const isOpening = quadrants.every((name) => shown.includes(name) === opening.includes(name));
    return isOpening ? null : quadrants.filter((name) => shown.includes(name)).join(',');
  },
});

const directions = ['auto', 'up', 'down'] as const;

export interface GalleryParams {
  quadrants: WritableComputedRef<readonly Quadrant[]>;
  threshold: WritableComputedRef<number>;
  label: WritableComputedRef<number | null>;
  predictedClass: WritableComputedRef<number | null>;
  /** A tag that people gave to images; empty: any. */
  tag: WritableComputedRef<string>;
  sort: WritableComputedRef<SortKey>;
  descending: WritableComputedRef<boolean>;
  /** Back to the direction in which the present sort opens. */
  resetDirection: () => void;
  query: Readonly<Ref<GalleryQuery>>;
}

/**
 * The gallery's part of the URL. `runThreshold` is the threshold where the URL names none, `opening`
 * the quadrants; `classNames` are empty until they are known, `datasetId` is of whose images tags are.
 */
export function useGalleryParams(
  runThreshold: Readonly<Ref<number>>,
  opening: readonly Quadrant[],
  classNames: Readonly<Ref<readonly string[]>>,
  datasetId: Readonly<Ref<string | null>>,
): GalleryParams {
  const marks = useExampleMarksStore();
  const tag = useQueryParam('tag', textParam());
  const shown = useQueryParam('show', quadrantsParam(opening));
  const thresholdParam = useSettledParam(useQueryParam('threshold', numberParam(null)));
  const label = useClassParam('label', classNames);
  const predictedClass = useClassParam('predicted', classNames);
  const sort = useQueryParam('sort', choiceParam(sortKeys, 'confidence'));
  const direction = useQueryParam('order', choiceParam(directions, 'auto'));

  const threshold = computed({
    get: () => Math.min(Math.max(thresholdParam.value ?? runThreshold.value, 0), 1),
    set: (value) => {
      thresholdParam.value = value === runThreshold.value ? null : value;
    },
  });
  const descending = computed({
    get: () =>
      direction.value === 'auto' ? descendsAtFirst(sort.value) : direction.value === 'down',
    set: (value) => {
      const isAuto = value === descendsAtFirst(sort.value);
      direction.value = isAuto ? 'auto' : value ? 'down' : 'up';
    },
  });
  const only = computed(() => {
    if (tag.value === '') return null;
    const all = [...marks.marksOf(datasetId.value).values()];
    const tagged = all.filter(({ tags }) => tags.includes(tag.value));
    return new Set(tagged.map(({ exampleId }) => exampleId));
  });
  const query = computed(() => ({
    quadrants: shown.value,
    threshold: threshold.value,
    label: label.value,
    predictedClass: predictedClass.value,
    only: only.value,
    sort: sort.value,
    descending: descending.value,
  }));
  const resetDirection = (): void => {
    direction.value = 'auto';
  };
  const params = { quadrants: shown, threshold, label, predictedClass, tag, sort, descending };
  return { ...params, resetDirection, query };
}
