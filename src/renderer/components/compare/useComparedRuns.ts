import { computed, shallowReactive, shallowRef, watch } from 'vue';
import type { Ref, WritableComputedRef } from 'vue';
import { useRoute } from 'vue-router';
import type { EpochMetrics, Run, RunSummary } from '../../../core/records.ts';
import {
  choiceParam,
  listParam,
  numberParam,
  useQueryParam,
} from '../../composables/useQueryParam.ts';
import { assignSeriesStyles } from '../../composables/seriesColors.ts';
import { useSettledParam } from '../../composables/useSettledParam.ts';
import { toUserError } from '../../composables/userError.ts';
import type { UserError } from '../../composables/userError.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { spreadKinds, type SpreadKind } from '../../../core/statistics/foldSeeds.ts';
import { automaticEpoch } from '../run/runEpoch.ts';
import { foldCompared, groupCompared } from './foldCompared.ts';
import type { ComparedSeries } from './foldCompared.ts';

/** A run under comparison. */
export interface ComparedRun {
  summary: RunSummary;
  /** Empty until the run is loaded. */
  epochs: readonly EpochMetrics[];
  /** Design token of its colour where it is shown alone. */
  token: string;
  dash: readonly number[];
  /** The epoch that is compared, and what was measured in it; null before there is any. */
  metrics: EpochMetrics | null;
}

export interface Comparison {
  ids: WritableComputedRef<string[]>;
  runs: Readonly<Ref<readonly ComparedRun[]>>;
  /** By configuration, whatever their seeds. */
  groups: Readonly<Ref<readonly ComparedSeries[]>>;
  /** What is shown as one: the groups, or each run for itself. */
  series: Readonly<Ref<readonly ComparedSeries[]>>;
  /** Whether seeds are folded. */
  folding: WritableComputedRef<'fold' | 'each'>;
  /** What bands, and what follows a ±, are. */
  spread: WritableComputedRef<SpreadKind>;
  /** The epoch that all are compared at; null: each at its own best. */
  epoch: WritableComputedRef<number | null>;
  lastEpoch: Readonly<Ref<number>>;
  /** Why a run could not be loaded, by id. */
  errors: ReadonlyMap<string, UserError>;
}

/** The last metrics at or before an epoch: what a shorter run still shows. */
export const metricsAt = (epochs: readonly EpochMetrics[], epoch: number): EpochMetrics | null =>
  epochs.findLast((metrics) => metrics.epoch <= epoch) ?? epochs[0] ?? null;

/** The runs that the URL names, the first of them the one that the others are measured against. */
export function useComparedRuns(): Comparison {
  const route = useRoute();
  const place = route.name;
  const store = useRunsStore();
  const ids = useQueryParam('runs', listParam, 'push');
  const epoch = useSettledParam(useQueryParam('epoch', numberParam(null)));
  const folding = useQueryParam('seeds', choiceParam(['fold', 'each'] as const, 'fold'));
  const spread = useQueryParam('spread', choiceParam(spreadKinds, 'deviation'));
  const errors = shallowReactive(new Map<string, UserError>());

  /** Runs that were loaded with all that were asked for beside them: plots are built once, not per run. */
  const settled = shallowRef<ReadonlySet<string>>(new Set());
  async function load(id: string): Promise<void> {
    errors.delete(id);
    try {
      await store.ensureRun(id);
    } catch (error) {
      errors.set(id, toUserError(error));
    }
  }

  watch(
    () => ids.value.join(),
    async () => {
      if (route.name !== place) return;
      const wanted = ids.value;
      await Promise.all(wanted.map(load));
      settled.value = new Set([...settled.value, ...wanted]);
    },
    { immediate: true },
  );

  const details = computed(() =>
    ids.value.flatMap((id): { summary: RunSummary; run: Run | undefined }[] => {
      const summary = store.summaryOf(id);
      if (summary === undefined) return [];
      return [{ summary, run: settled.value.has(id) ? store.detailOf(id) : undefined }];
    }),
  );
  const styles = computed(() => assignSeriesStyles(details.value.map(({ summary }) => summary)));
  const runs = computed(() =>
    details.value.map(({ summary, run }): ComparedRun => {
      const epochs = run?.epochs ?? [];
      const wished = epoch.value ?? automaticEpoch(summary);
      return {
        summary,
        epochs,
        ...(styles.value.get(summary.id) ?? { token: '--series-6', dash: [] }),
        metrics: wished === null ? null : metricsAt(epochs, wished),
      };
    }),
  );
  const groups = computed(() => groupCompared(runs.value));
  const series = computed(() => foldCompared(groups.value, folding.value === 'fold'));
  const lastEpoch = computed(() =>
    Math.max(0, ...runs.value.map(({ epochs }) => epochs.at(-1)?.epoch ?? 0)),
  );
  return { ids, runs, groups, series, folding, spread, epoch, lastEpoch, errors };
}
