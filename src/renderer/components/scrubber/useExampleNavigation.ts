import { paradigmOf } from '../../../core/config/objectives.ts';
import { computed } from 'vue';
import type { Ref } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { RouteLocationRaw } from 'vue-router';
import type { RunSummary } from '../../../core/records.ts';
import { places } from '../../router.ts';
import { useRunsStore } from '../../stores/runs.ts';

export interface ExampleNavigation {
  /** The gallery, or the comparison, that the example came from. */
  back: Readonly<Ref<RouteLocationRaw>>;
  /** Opens another example of the list at the epoch that is shown now. */
  goTo: (exampleId: number | null) => void;
}

/** Ways from an example to others. `epoch` is the one shown, null while nobody chose one. */
export function useExampleNavigation(
  runId: Readonly<Ref<string>>,
  epoch: () => number | null,
): ExampleNavigation {
  const route = useRoute();
  const router = useRouter();

  const query = computed((): Partial<Record<string, string>> =>
    Object.fromEntries(
      Object.entries(route.query).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value]] : [],
      ),
    ),
  );
  /** The query at another epoch, or at none, and without the one that its list was made at. */
  const withEpoch = (wanted: string | undefined): Record<string, string> => {
    const kept = Object.entries({ ...query.value, at: undefined, epoch: wanted });
    return Object.fromEntries(
      kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  };

  const back = computed((): RouteLocationRaw => {
    const { agreement, runs, at, tab = 'examples' } = query.value;
    if (agreement !== undefined && runs !== undefined) {
      return { name: 'compare', query: { ...withEpoch(at), part: 'examples' } };
    }
    const here = epoch();
    const listed = at ?? (here === null ? undefined : String(here));
    return places.run(runId.value, { ...withEpoch(listed), tab });
  });

  function goTo(exampleId: number | null): void {
    if (exampleId === null) return;
    const here = epoch();
    const { at } = query.value;
    const kept = withEpoch(here === null ? undefined : String(here));
    const next = at === undefined ? kept : { ...kept, at };
    void router.push(places.example(runId.value, exampleId, next));
  }

  return { back, goTo };
}

/** Runs that can stand beside another: the same images, the other paradigm and the same seed first. */
export function useBesideCandidates(
  run: Readonly<Ref<RunSummary | undefined>>,
): Readonly<Ref<readonly RunSummary[]>> {
  const runs = useRunsStore();
  return computed(() => {
    const main = run.value;
    if (main === undefined) return [];
    const closeness = ({ config, seed }: RunSummary): number =>
      (paradigmOf(config) === paradigmOf(main.config) ? 0 : 2) + (seed === main.seed ? 1 : 0);
    return runs.runs
      .filter(({ id, last }) => id !== main.id && last !== null)
      .filter(({ datasetId }) => datasetId === main.datasetId)
      .toSorted((a, b) => closeness(b) - closeness(a));
  });
}
