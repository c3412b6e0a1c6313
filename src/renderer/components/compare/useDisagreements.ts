import { computed, watch } from 'vue';
import type { Ref } from 'vue';
import { countAgreements, matchPredictions, selectPairs } from '../../examples/agreement.ts';
import type { ClassMatrix } from '../../examples/confusion.ts';
import { useCompareStore } from '../../stores/compare.ts';
import { describeExample, tileNumbers } from '../gallery/galleryText.ts';
import type { TilePane } from '../gallery/tilePainter.ts';
import { useAgreementParams } from './agreementQuery.ts';
import type { AgreementParams } from './agreementQuery.ts';
import { nameSides } from './agreementText.ts';
import type { SideNames } from './agreementText.ts';
import type { ComparedRun } from './useComparedRuns.ts';

export interface Disagreements {
  params: AgreementParams;
  /** By kind, in the order of `agreements`; empty while they are not known. */
  counts: Readonly<Ref<readonly number[]>>;
  /** What A predicts against what B predicts. */
  matrix: Readonly<Ref<ClassMatrix | null>>;
  exampleIds: Readonly<Ref<Uint32Array>>;
  panes: Readonly<Ref<readonly Omit<TilePane, 'barColor'>[]>>;
  classNames: Readonly<Ref<readonly string[]>>;
  describe: (index: number) => string;
  /** What A and B are called. */
  names: Readonly<Ref<SideNames>>;
}

/** The images on which two runs of one data set disagree, as the URL chooses among them. */
export function useDisagreements(
  a: Readonly<Ref<ComparedRun>>,
  b: Readonly<Ref<ComparedRun>>,
): Disagreements {
  const store = useCompareStore();
  const compared = computed(() => store.compared);
  const classNames = computed(() => compared.value?.a.classNames ?? []);
  const params = useAgreementParams(classNames);

  const names = computed(() => nameSides(a.value.summary, b.value.summary));

  useComparedEpochs(a, b);
  const chosen = computed(() =>
    compared.value === null
      ? new Uint32Array(0)
      : selectPairs(compared.value.a, compared.value.b, compared.value.pairs, params.filter.value),
  );
  const panes = computed(() => {
    if (compared.value === null) return [];
    const { a: first, b: second, pairs } = compared.value;
    return [
      { columns: first, positions: chosen.value.map((i) => pairs.positionsA[i] ?? 0) },
      { columns: second, positions: chosen.value.map((i) => pairs.positionsB[i] ?? 0) },
    ].map((pane) => ({ ...pane, numberOf: tileNumbers(pane.columns, 'confidence', null) }));
  });
  const exampleIds = computed(() => {
    const [first] = panes.value;
    if (first === undefined) return new Uint32Array(0);
    return first.positions.map((position) => first.columns.exampleIds[position] ?? 0);
  });
  const describe = (index: number): string =>
    panes.value
      .map(({ columns, positions }, i) => {
        const text = describeExample(columns, positions[index] ?? 0, classNames.value);
        return `${names.value[i] ?? ''}: ${text}`;
      })
      .join(' | ');

  return {
    params,
    counts: computed(() => (compared.value === null ? [] : countAgreements(compared.value.pairs))),
    matrix: computed(() =>
      compared.value === null
        ? null
        : matchPredictions(compared.value.a, compared.value.b, compared.value.pairs),
    ),
    exampleIds,
    panes,
    classNames,
    describe,
    names,
  };
}

/** Keeps the epochs of both runs loaded. */
function useComparedEpochs(a: Readonly<Ref<ComparedRun>>, b: Readonly<Ref<ComparedRun>>): void {
  const store = useCompareStore();
  watch(
    [a, b].map((run) => () => `${run.value.summary.id}/${run.value.metrics?.epoch ?? ''}`),
    () => {
      const [first, second] = [a.value, b.value];
      if (first.metrics === null || second.metrics === null) return;
      void store.open(
        { runId: first.summary.id, epoch: first.metrics.epoch },
        { runId: second.summary.id, epoch: second.metrics.epoch },
      );
    },
    { immediate: true },
  );
}
