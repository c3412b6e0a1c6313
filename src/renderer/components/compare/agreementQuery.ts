import { computed } from 'vue';
import type { Ref, WritableComputedRef } from 'vue';
import { useClassParam } from '../../composables/useClassParam.ts';
import { numberParam, useQueryParam } from '../../composables/useQueryParam.ts';
import type { QueryCodec } from '../../composables/useQueryParam.ts';
import { agreements, selectPairs } from '../../examples/agreement.ts';
import type { PairFilter } from '../../examples/agreement.ts';
import type { ComparedEpochs } from '../../stores/compare.ts';

/** Which list of disagreements a URL names, or none. */
export const agreementParam: QueryCodec<PairFilter['agreement'] | null> = {
  parse: (text) => ([...agreements, 'any'] as const).find((known) => known === text) ?? null,
  format: (value) => value,
};

export interface AgreementParams {
  agreement: WritableComputedRef<PairFilter['agreement'] | null>;
  predictedByA: WritableComputedRef<number | null>;
  predictedByB: WritableComputedRef<number | null>;
  /** Epochs at which the list was made; null: each run's own. */
  epochA: WritableComputedRef<number | null>;
  epochB: WritableComputedRef<number | null>;
  filter: Readonly<Ref<PairFilter>>;
}

/**
 * The part of the URL that says which examples two runs disagree on.
 *
 * @param classNames empty until they are known
 */
export function useAgreementParams(classNames: Readonly<Ref<readonly string[]>>): AgreementParams {
  const agreement = useQueryParam('agreement', agreementParam, 'push');
  const predictedByA = useClassParam('byA', classNames);
  const predictedByB = useClassParam('byB', classNames);
  return {
    agreement,
    predictedByA,
    predictedByB,
    epochA: useQueryParam('atA', numberParam(null)),
    epochB: useQueryParam('atB', numberParam(null)),
    filter: computed(() => ({
      agreement: agreement.value ?? 'only-a',
      predictedByA: predictedByA.value,
      predictedByB: predictedByB.value,
    })),
  };
}

/** The exampleIds of a list of disagreements, in its order. */
export function listDisagreements(
  { a, b, pairs }: ComparedEpochs,
  filter: PairFilter,
): Uint32Array {
  return selectPairs(a, b, pairs, filter).map(
    (pair) => a.exampleIds[pairs.positionsA[pair] ?? 0] ?? 0,
  );
}
