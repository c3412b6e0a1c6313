import { computed } from 'vue';
import type { Ref, WritableComputedRef } from 'vue';
import { sameForm } from '../../core/classNames.ts';
import { textParam, useQueryParam } from './useQueryParam.ts';

/**
 * A class that the URL calls by its name, as everything does: where classes are called 1 to 26, 10 is the
 * class of that name. Null for any, as for a name that no class has.
 *
 * @param classNames empty until they are known; then what is set is lost
 */
export function useClassParam(
  param: string,
  classNames: Readonly<Ref<readonly string[]>>,
): WritableComputedRef<number | null> {
  const name = useQueryParam(param, textParam(), 'push');
  return computed({
    get: () => {
      const index = classNames.value.findIndex((known) => sameForm(known) === sameForm(name.value));
      return index < 0 ? null : index;
    },
    set: (index) => {
      name.value = index === null ? '' : (classNames.value[index] ?? '');
    },
  });
}
