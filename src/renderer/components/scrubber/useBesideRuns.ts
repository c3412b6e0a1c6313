import { computed } from 'vue';
import type { Ref } from 'vue';
import type { RunSummary } from '../../../core/records.ts';
import { listParam, useQueryParam } from '../../composables/useQueryParam.ts';
import type { UserError } from '../../composables/userError.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { useBesideCandidates } from './useExampleNavigation.ts';
import type { OwnEpochs } from './useScrubber.ts';

export interface BesideRuns {
  /** In their order; those of other data sets left out. */
  runs: Readonly<Ref<readonly RunSummary[]>>;
  /** Ids of the runs that can be shown. */
  ids: Readonly<Ref<readonly string[]>>;
  /** All that the URL names and that are known. */
  named: Readonly<Ref<readonly RunSummary[]>>;
  candidates: Readonly<Ref<readonly RunSummary[]>>;
  /** Why one that the URL names is not among them. */
  foreign: Readonly<Ref<UserError | null>>;
  /** Where runs stand by themselves; forgotten as soon as the cursor is moved. */
  own: Readonly<Ref<OwnEpochs>>;
  forgetOwn: () => void;
  add: (runId: string) => void;
  remove: (runId: string) => void;
}

/** The URL's `runId:epoch`. */
const readOwn = (texts: readonly string[]): OwnEpochs =>
  new Map(
    texts.flatMap((text): [string, number][] => {
      const [runId = '', epoch = ''] = text.split(':');
      return /^\d+$/.test(epoch) ? [[runId, Number(epoch)]] : [];
    }),
  );

/** The runs that stand beside one under the scrubber, as the URL names them. */
export function useBesideRuns(main: Readonly<Ref<RunSummary | undefined>>): BesideRuns {
  const store = useRunsStore();
  const named = useQueryParam('with', listParam, 'push');
  const own = useQueryParam('own', listParam);
  const all = useBesideCandidates(main);

  const ids = computed(() => named.value.filter((id) => id !== main.value?.id));
  const known = computed(() =>
    ids.value.map((id) => store.summaryOf(id)).filter((run) => run !== undefined),
  );
  const isForeign = (run: RunSummary): boolean =>
    main.value !== undefined && run.datasetId !== main.value.datasetId;
  /** Two runs of different data sets number other images alike. */
  const foreign = computed((): UserError | null => {
    const other = known.value.find(isForeign);
    if (other === undefined || main.value === undefined) return null;
    return {
      code: 'INVALID_ARGUMENT',
      message: `${other.name} was tested on another data set than ${main.value.name}: they have no image in common.`,
      remedy: 'Choose another run to stand beside it.',
    };
  });
  const foreignIds = computed(() => new Set(known.value.filter(isForeign).map(({ id }) => id)));

  return {
    runs: computed(() => known.value.filter((run) => !isForeign(run))),
    ids: computed(() => ids.value.filter((id) => !foreignIds.value.has(id))),
    named: known,
    candidates: computed(() => all.value.filter(({ id }) => !ids.value.includes(id))),
    foreign,
    own: computed(() => readOwn(own.value)),
    forgetOwn: () => {
      if (own.value.length > 0) own.value = [];
    },
    add: (runId) => {
      named.value = [...ids.value, runId];
    },
    remove: (runId) => {
      named.value = ids.value.filter((id) => id !== runId);
    },
  };
}
