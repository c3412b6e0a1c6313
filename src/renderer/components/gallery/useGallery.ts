import { computed, shallowRef } from 'vue';
import type { Ref } from 'vue';
import type { RunSummary } from '../../../core/records.ts';
import { countQuadrants } from '../../examples/quadrants.ts';
import type { Quadrant } from '../../examples/quadrants.ts';
import { useGalleryParams } from './galleryQuery.ts';
import type { GalleryParams } from './galleryQuery.ts';
import { useClassNames, useGalleryList } from './useGalleryList.ts';
import type { GalleryList } from './useGalleryList.ts';

export interface Gallery extends GalleryList {
  run: Readonly<Ref<RunSummary>>;
  params: GalleryParams;
  classNames: Readonly<Ref<readonly string[]>>;
  /** Images of the classes asked for by quadrant, in the order of `quadrants`. */
  counts: Readonly<Ref<readonly number[]>>;
}

/** One epoch's test images of a run as the URL filters and sorts them. */
export function useGallery(
  run: Readonly<Ref<RunSummary>>,
  epoch: Readonly<Ref<number | null>>,
  opening: readonly Quadrant[],
): Gallery {
  const classNames = shallowRef<readonly string[]>([]);
  const params = useGalleryParams(
    computed(() => run.value.config.evaluation.lowConfidenceThreshold),
    opening,
    classNames,
    computed(() => run.value.datasetId),
  );
  const list = useGalleryList(
    computed(() => run.value.id),
    epoch,
    params.query,
  );
  useClassNames(list, classNames);
  const counts = computed(() =>
    list.columns.value === null
      ? []
      : countQuadrants(list.columns.value, params.threshold.value, params.query.value),
  );

  return { ...list, run, params, classNames, counts };
}
