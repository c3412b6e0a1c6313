import { computed, watch } from 'vue';
import type { Ref, WritableComputedRef } from 'vue';
import type { Metric } from '../../../core/metrics/metric.ts';
import type { SettingValue } from '../../../core/config/settings.ts';
import {
  buildSweep,
  byParadigm,
  listSwept,
  orderPoints,
  type SweepPoint,
  type SweptRun,
} from '../../../core/statistics/sweep.ts';
import { lookOf } from '../../composables/paradigms.ts';
import { choiceParam, textParam, useQueryParam } from '../../composables/useQueryParam.ts';
import { useMeasuresStore } from '../../stores/measures.ts';
import { formatConfigValue } from '../run/configDifference.ts';
import { catalogueMetric, catalogueNames, ensureMetric, readCatalogue } from './catalogue.ts';
import type { CatalogueName } from './catalogue.ts';
import { buildAxis, canBeLogarithmic, wantsLogarithm } from './sweepAxis.ts';
import type { SweepAxis } from './sweepAxis.ts';
import type { ComparedRun, Comparison } from './useComparedRuns.ts';

/** A run of a sweep, with what it came to. */
export interface SweepRunValue extends SweptRun {
  name: string;
  value: number | null;
}

export const sweepViews = ['plot', 'parallel'] as const;
const scales = ['auto', 'linear', 'log'] as const;

export interface Sweep {
  view: WritableComputedRef<(typeof sweepViews)[number]>;
  /** Paths of the settings that differ. */
  swept: Readonly<Ref<readonly string[]>>;
  /** The same, by which points are ordered: first the one on the axis. */
  paths: Readonly<Ref<readonly string[]>>;
  setting: WritableComputedRef<string>;
  groupBy: WritableComputedRef<string>;
  metricName: WritableComputedRef<CatalogueName>;
  metric: Readonly<Ref<Metric>>;
  points: Readonly<Ref<readonly SweepPoint<SweepRunValue>[]>>;
  axis: Readonly<Ref<SweepAxis>>;
  isLog: WritableComputedRef<boolean>;
  canBeLog: Readonly<Ref<boolean>>;
  /** Token of each series. */
  colors: Readonly<Ref<ReadonlyMap<string, string>>>;
  pending: Readonly<Ref<boolean>>;
}

const describeRun = (run: ComparedRun, value: number | null): SweepRunValue => {
  const { id, name, seed, config, datasetId, validationLosses } = run.summary;
  return { id, name, seed, config, datasetId, validationLosses, value };
};

/** Colours of series: a paradigm's own, else the rest of the palette in turn. */
function colorSeries(series: readonly string[], groupBy: string): Map<string, string> {
  let next = 0;
  return new Map(
    [...new Set(series)].map((name) => {
      const own = groupBy === byParadigm ? lookOf(name).token : null;
      if (own === null) next += 1;
      return [name, own ?? `--series-${((next - 1) % 6) + 1}`];
    }),
  );
}

/** Which setting is on the axis and which colours, among those that differ. */
function useSweptSettings({ runs }: Comparison) {
  const wished = {
    setting: useQueryParam('sx', textParam()),
    groupBy: useQueryParam('by', textParam(byParadigm)),
  };
  const swept = computed(() => listSwept(runs.value.map(({ summary }) => summary.config)));
  /** Something of which runs have several values in numbers, where there is any. */
  const usual = computed(
    () =>
      swept.value.find((path) => path.includes('.') && path !== 'data.dataset') ??
      swept.value[0] ??
      '',
  );
  const setting = computed({
    get: () => (swept.value.includes(wished.setting.value) ? wished.setting.value : usual.value),
    set: (path) => {
      wished.setting.value = path;
    },
  });
  const groupBy = computed({
    get: () => (swept.value.includes(wished.groupBy.value) ? wished.groupBy.value : byParadigm),
    set: (path) => {
      wished.groupBy.value = path;
    },
  });
  return { swept, setting, groupBy };
}

/** The runs under comparison as a sweep, as the URL chooses what is set against what. */
export function useSweep(comparison: Comparison): Sweep {
  const { runs } = comparison;
  const measures = useMeasuresStore();
  const { swept, setting, groupBy } = useSweptSettings(comparison);
  const wishedScale = useQueryParam('scale', choiceParam(scales, 'auto'));
  const view = useQueryParam('sweep', choiceParam(sweepViews, 'plot'));
  const metricName = useQueryParam('y', choiceParam(catalogueNames, 'testAccuracy'));

  watch(
    [runs, metricName],
    () => {
      ensureMetric(measures, runs.value, metricName.value);
    },
    { immediate: true },
  );
  const found = computed(() =>
    buildSweep(
      runs.value.map((run) => describeRun(run, readCatalogue(measures, run, metricName.value))),
      { setting: setting.value, groupBy: groupBy.value },
      ({ value }) => value,
    ),
  );
  const values = computed((): (SettingValue | undefined)[] => found.value.map(({ x }) => x));
  const canBeLog = computed(() => canBeLogarithmic(values.value));
  const isLog = computed({
    get: () =>
      canBeLog.value &&
      (wishedScale.value === 'auto' ? wantsLogarithm(values.value) : wishedScale.value === 'log'),
    set: (log) => {
      wishedScale.value = log ? 'log' : 'linear';
    },
  });
  const axis = computed(() =>
    buildAxis(values.value, isLog.value, (value) => formatConfigValue(setting.value, value)),
  );
  /** What is on the axis, then the others. */
  const paths = computed(() => [
    setting.value,
    ...swept.value.filter((path) => path !== setting.value),
  ]);
  const points = computed(() => orderPoints(found.value, paths.value));
  return {
    ...{ view, swept, paths, setting, groupBy, metricName, points, axis, isLog, canBeLog },
    metric: computed(() => catalogueMetric(metricName.value)),
    colors: computed(() =>
      colorSeries(
        points.value.map(({ series }) => series),
        groupBy.value,
      ),
    ),
    pending: computed(() => measures.pending),
  };
}
